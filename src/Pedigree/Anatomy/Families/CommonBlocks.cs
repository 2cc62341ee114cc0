using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Groups of names that many families share.</summary>
internal static class CommonBlocks
{
    public static IReadOnlyList<TensorPattern> SeparateAttention { get; } =
    [
        Reads("self_attn.q_proj", Part.Query),
        Reads("self_attn.k_proj", Part.Key),
        Reads("self_attn.v_proj", Part.Value),
        Writes("self_attn.o_proj", Part.AttentionOutput),
        HeadGain("self_attn.q_norm", Part.QueryNorm),
        HeadGain("self_attn.k_norm", Part.KeyNorm),
        HeadGain("self_attn.query_layernorm", Part.QueryNorm),
        HeadGain("self_attn.key_layernorm", Part.KeyNorm),
    ];

    public static IReadOnlyList<TensorPattern> Norms { get; } =
    [
        Gain("input_layernorm", Part.AttentionNorm),
        Gain("post_attention_layernorm", Part.MlpNorm),
    ];

    public static IReadOnlyList<TensorPattern> Outside { get; } =
    [
        Reads("embed_tokens", Part.Embedding),
        Reads("lm_head", Part.Unembedding),
        Gain("norm", Part.FinalNorm),
    ];

    public static IReadOnlyList<TensorPattern> GatedMlp(string module) =>
    [
        Reads($"{module}.gate_proj", Part.Gate),
        Reads($"{module}.up_proj", Part.Up),
        Writes($"{module}.down_proj", Part.Down),
    ];

    public static IEnumerable<TensorPattern> SharedExpert(string module) => GatedMlp(module).Select(pattern => pattern.OfSharedExpert());

    public static IEnumerable<TensorPattern> StackedMlp(string module) => GatedMlp(module)
        .Append(FusedGateUp($"{module}.gate_up_proj"))
        .Select(pattern => pattern.OfAllExperts());
}
