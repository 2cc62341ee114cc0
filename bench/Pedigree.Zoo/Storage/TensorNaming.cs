using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Storage;

/// <summary>The families whose names files can have.</summary>
internal enum TensorStyle
{
    /// <summary>Llama, Qwen2, Qwen3.</summary>
    Llama,

    /// <summary>Phi-3: query, key and value in one tensor, gate and up in another.</summary>
    Phi3,

    /// <summary>GPT-2: matrices stored [in, out].</summary>
    Gpt2,

    /// <summary>Mixtral.</summary>
    Mixtral,

    /// <summary>Qwen2-MoE, Qwen3-MoE.</summary>
    QwenMoe,
}

/// <summary>A tensor of a file and what it is made of.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Slots">The tensors of the model whose rows it holds, one below the other.</param>
/// <param name="IsTransposed">Whether it is stored [in, out].</param>
internal sealed record FileTensor(string Name, IReadOnlyList<string> Slots, bool IsTransposed = false);

/// <summary>The names that a model's tensors have in files.</summary>
internal static class TensorNaming
{
    /// <summary>The family that a shape usually belongs to.</summary>
    public static TensorStyle StyleOf(DecoderShape shape) =>
        shape.LearnedPositions ? TensorStyle.Gpt2
        : shape.Experts == 0 ? TensorStyle.Llama
        : shape.QueryKeyValueBias || shape.QueryKeyNorm ? TensorStyle.QwenMoe
        : TensorStyle.Mixtral;

    /// <summary>All tensors of a file.</summary>
    /// <exception cref="ArgumentException">The style has no names for some part of the shape.</exception>
    public static IEnumerable<FileTensor> Of(DecoderShape shape, TensorStyle style)
    {
        var names = new HashSet<string>(shape.Slots().Select(slot => slot.Name), StringComparer.Ordinal);
        var tensors = new List<FileTensor>();
        foreach (var tensor in style == TensorStyle.Gpt2 ? Gpt2(shape) : Llama(shape, style))
        {
            if (tensor.Slots.All(names.Contains))
            {
                tensors.Add(tensor with { Name = $"{tensor.Name}.weight" });
                if (tensor.Slots.Select(Slot.Bias).All(names.Contains))
                {
                    tensors.Add(new($"{tensor.Name}.bias", [.. tensor.Slots.Select(Slot.Bias)]));
                }
            }
        }

        names.ExceptWith(tensors.SelectMany(tensor => tensor.Slots));
        return names.Count == 0 ? tensors : throw new ArgumentException($"{style} has no name for {names.Order(StringComparer.Ordinal).First()}", nameof(style));
    }

    private static IEnumerable<FileTensor> Llama(DecoderShape shape, TensorStyle style)
    {
        yield return new("model.embed_tokens", [Slot.Embedding]);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}";
            yield return new($"{prefix}.input_layernorm", [Slot.AttentionNorm(layer)]);
            yield return new($"{prefix}.post_attention_layernorm", [Slot.MlpNorm(layer)]);
            if (style == TensorStyle.Phi3)
            {
                yield return new($"{prefix}.self_attn.qkv_proj", [Slot.Query(layer), Slot.Key(layer), Slot.Value(layer)]);
                yield return new($"{prefix}.mlp.gate_up_proj", [Slot.Gate(layer, Slot.Dense), Slot.Up(layer, Slot.Dense)]);
                yield return new($"{prefix}.mlp.down_proj", [Slot.Down(layer, Slot.Dense)]);
            }
            else
            {
                yield return new($"{prefix}.self_attn.q_proj", [Slot.Query(layer)]);
                yield return new($"{prefix}.self_attn.k_proj", [Slot.Key(layer)]);
                yield return new($"{prefix}.self_attn.v_proj", [Slot.Value(layer)]);
            }

            yield return new($"{prefix}.self_attn.o_proj", [Slot.Output(layer)]);
            yield return new($"{prefix}.self_attn.q_norm", [Slot.QueryNorm(layer)]);
            yield return new($"{prefix}.self_attn.k_norm", [Slot.KeyNorm(layer)]);
            if (style == TensorStyle.Phi3)
            {
                continue;
            }

            yield return new(style == TensorStyle.Mixtral ? $"{prefix}.block_sparse_moe.gate" : $"{prefix}.mlp.gate", [Slot.Router(layer)]);
            for (var block = 0; block < shape.Blocks; block++)
            {
                var expert = shape.ExpertOf(block);
                var (module, gate, up, down) = (expert, style) switch
                {
                    (Slot.Dense, _) => ($"{prefix}.mlp", "gate_proj", "up_proj", "down_proj"),
                    (_, TensorStyle.Mixtral) => ($"{prefix}.block_sparse_moe.experts.{expert}", "w1", "w3", "w2"),
                    _ => ($"{prefix}.mlp.experts.{expert}", "gate_proj", "up_proj", "down_proj"),
                };
                yield return new($"{module}.{gate}", [Slot.Gate(layer, expert)]);
                yield return new($"{module}.{up}", [Slot.Up(layer, expert)]);
                yield return new($"{module}.{down}", [Slot.Down(layer, expert)]);
            }
        }

        yield return new("model.norm", [Slot.FinalNorm]);
        yield return new("lm_head", [Slot.Unembedding]);
    }

    private static IEnumerable<FileTensor> Gpt2(DecoderShape shape)
    {
        yield return new("transformer.wte", [Slot.Embedding]);
        yield return new("transformer.wpe", [Slot.Positions]);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var prefix = $"transformer.h.{layer}";
            yield return new($"{prefix}.ln_1", [Slot.AttentionNorm(layer)]);
            yield return new($"{prefix}.attn.c_attn", [Slot.Query(layer), Slot.Key(layer), Slot.Value(layer)], true);
            yield return new($"{prefix}.attn.c_proj", [Slot.Output(layer)], true);
            yield return new($"{prefix}.ln_2", [Slot.MlpNorm(layer)]);
            yield return new($"{prefix}.mlp.c_fc", [Slot.Up(layer, Slot.Dense)], true);
            yield return new($"{prefix}.mlp.c_proj", [Slot.Down(layer, Slot.Dense)], true);
        }

        yield return new("transformer.ln_f", [Slot.FinalNorm]);
        yield return new("lm_head", [Slot.Unembedding]);
    }
}
