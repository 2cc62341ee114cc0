using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Turns a model with the names of the transformers library into GGUF as llama.cpp does: other names, vectors in F32, query and key rows of Llama
/// reordered, and a type that fits where rows are not whole blocks.</summary>
internal static class LlamaConverter
{
    private static readonly (string From, string To)[] Names =
    [
        ("model.layers.", "blk."), ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
        ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"), ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"), ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"),
    ];

    /// <summary>Converts a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="type">The type of its matrices.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="groups">KV groups.</param>
    /// <param name="architecture">The architecture to name; rows are reordered for <c>llama</c> alone.</param>
    /// <param name="tokens">The vocabulary, or null.</param>
    public static GgufFile Convert(ITensorSource source, string type, int heads, int groups, string architecture = "llama", IReadOnlyList<string>? tokens = null)
    {
        var file = new GgufFile()
            .Text("general.architecture", architecture)
            .Number($"{architecture}.attention.head_count", (uint)heads)
            .Number($"{architecture}.attention.head_count_kv", (uint)groups);
        if (tokens is not null)
        {
            file.Text("tokenizer.ggml.model", "gpt2").Texts("tokenizer.ggml.tokens", tokens);
        }

        foreach (var tensor in source.Tensors)
        {
            var name = Names.Aggregate(tensor.Name, (text, pair) => text.Replace(pair.From, pair.To, StringComparison.Ordinal));
            var values = Read(source, tensor);
            if (architecture is "llama" && name.Contains("attn_q.", StringComparison.Ordinal))
            {
                values = Reordered(values, heads, tensor.Shape[0]);
            }
            else if (architecture is "llama" && name.Contains("attn_k.", StringComparison.Ordinal))
            {
                values = Reordered(values, groups, tensor.Shape[0]);
            }

            var own = tensor.Shape.Length == 1 ? "F32" : Fitting(type, tensor.Shape[^1]);
            file.Tensor(name, TestQuantiser.Numbers[own], [.. tensor.Shape], TestQuantiser.Store(own, values));
        }

        return file;
    }

    /// <summary>All values of a tensor.</summary>
    public static float[] Read(ITensorSource source, StoredTensor tensor)
    {
        var bytes = new byte[tensor.Length];
        source.Read(tensor, 0, bytes);
        var values = new float[tensor.Count];
        ElementDecoder.Decode(tensor.Type, bytes, values);
        return values;
    }

    /// <summary>Rows (half, pair) of each head moved to (pair, half).</summary>
    public static float[] Reordered(float[] values, int heads, long rows)
    {
        var result = new float[values.Length];
        var width = (int)(values.Length / rows);
        var dimension = (int)(rows / heads);
        for (var row = 0; row < rows; row++)
        {
            var (head, half, pair) = (row / dimension, row % dimension / (dimension / 2), row % (dimension / 2));
            values.AsSpan(row * width, width).CopyTo(result.AsSpan(((head * dimension) + (2 * pair) + half) * width, width));
        }

        return result;
    }

    private static string Fitting(string type, long row) =>
        row % GgufType.Find(TestQuantiser.Numbers[type])!.Values == 0 ? type : type is "Q6_K" or "Q8_K" ? "Q8_0" : "Q5_0";
}
