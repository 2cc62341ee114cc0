using System.Globalization;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>A tensor of a synthetic checkpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Rows and columns, or one length.</param>
/// <param name="Head">Rows of a head, for projections that have heads; 0 otherwise.</param>
internal sealed record LargeTensor(string Name, int[] Shape, int Head = 0)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Values of a row.</summary>
    public int Columns => Shape[^1];
}

/// <summary>The true shape of Qwen2.5-7B: 28 layers of width 3,584, 18,944 neurons, 28 query heads and 4 KV groups of 128, 152,064 tokens, biases on
/// query, key and value (config.json and safetensors index of Qwen/Qwen2.5-7B).</summary>
internal static class LargeShape
{
    /// <summary>Layers.</summary>
    public const int Layers = 28;

    private const int Width = 3584;
    private const int Neurons = 18944;
    private const int Head = 128;
    private const int KeyRows = 4 * Head;
    private const int Tokens = 152064;

    /// <summary>Tensors by shard: seven layers a file, the embeddings with the first and the last of them.</summary>
    public static IReadOnlyList<IReadOnlyList<LargeTensor>> Shards { get; } = [.. Enumerable.Range(0, 4).Select(Shard)];

    private static List<LargeTensor> Shard(int shard)
    {
        var tensors = new List<LargeTensor>();
        if (shard == 0)
        {
            tensors.Add(new LargeTensor("model.embed_tokens.weight", [Tokens, Width]));
        }

        for (var layer = shard * Layers / 4; layer < (shard + 1) * Layers / 4; layer++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            tensors.Add(new LargeTensor(prefix + "input_layernorm.weight", [Width]));
            tensors.Add(new LargeTensor(prefix + "post_attention_layernorm.weight", [Width]));
            foreach (var (name, rows) in new[] { ("q", Width), ("k", KeyRows), ("v", KeyRows) })
            {
                tensors.Add(new LargeTensor($"{prefix}self_attn.{name}_proj.weight", [rows, Width], name == "v" ? 0 : Head));
                tensors.Add(new LargeTensor($"{prefix}self_attn.{name}_proj.bias", [rows]));
            }

            tensors.Add(new LargeTensor(prefix + "self_attn.o_proj.weight", [Width, Width]));
            tensors.Add(new LargeTensor(prefix + "mlp.gate_proj.weight", [Neurons, Width]));
            tensors.Add(new LargeTensor(prefix + "mlp.up_proj.weight", [Neurons, Width]));
            tensors.Add(new LargeTensor(prefix + "mlp.down_proj.weight", [Width, Neurons]));
        }

        if (shard == 3)
        {
            tensors.Add(new LargeTensor("model.norm.weight", [Width]));
            tensors.Add(new LargeTensor("lm_head.weight", [Tokens, Width]));
        }

        return tensors;
    }
}
