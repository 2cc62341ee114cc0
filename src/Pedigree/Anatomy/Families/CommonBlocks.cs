using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Groups of names that many families share.</summary>
internal static class CommonBlocks
{
    private static readonly string[] StateSpaceNames =
        ["in_proj", "conv1d", "x_proj", "dt_proj", "dt", "A_log", "D", "norm", "out_proj", "dt_layernorm", "b_layernorm", "c_layernorm"];

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
        WithoutRole("self_attn.rotary_emb.inv_freq"),
    ];

    /// <summary>Attention through compressed vectors (MLA, DeepSeek-V2, arXiv 2405.04434 section 2.1), with the queries compressed or not.</summary>
    public static IReadOnlyList<TensorPattern> LatentAttention { get; } =
    [
        Reads("self_attn.q_proj", Part.Query),
        Reads("self_attn.q_a_proj", Part.LatentQuery),
        HeadGain("self_attn.q_a_layernorm", Part.LatentQueryNorm),
        ReadsLatent("self_attn.q_b_proj", Part.QueryFromLatent),
        LatentAndRotaryKey("self_attn.kv_a_proj_with_mqa").AsRequired(),
        HeadGain("self_attn.kv_a_layernorm", Part.LatentKeyValueNorm),
        LatentKeyValue("self_attn.kv_b_proj"),
        Writes("self_attn.o_proj", Part.AttentionOutput),
    ];

    public static IReadOnlyList<TensorPattern> Norms { get; } =
    [
        Gain("input_layernorm", Part.AttentionNorm),
        Gain("post_attention_layernorm", Part.MlpNorm),
    ];

    /// <summary>Norms before and after attention and MLP, as in Gemma 2 and later.</summary>
    public static IReadOnlyList<TensorPattern> NormsOnBothSides { get; } =
    [
        Gain("input_layernorm", Part.AttentionNorm),
        Gain("post_attention_layernorm", Part.AttentionOutputNorm),
        Gain("pre_feedforward_layernorm", Part.MlpNorm),
        Gain("post_feedforward_layernorm", Part.MlpOutputNorm),
    ];

    public static IReadOnlyList<TensorPattern> Outside { get; } =
    [
        Reads("embed_tokens", Part.Embedding),
        Reads("lm_head", Part.Unembedding),
        Gain("norm", Part.FinalNorm),
    ];

    /// <summary>What a layer holds that predicts further tokens in training (DeepSeek-V3, arXiv 2412.19437 section 2.2), beside its attention and MLP.</summary>
    public static IReadOnlyList<TensorPattern> TokenPrediction { get; } =
    [
        WithoutRole("eh_proj"),
        WithoutRole("enorm"),
        WithoutRole("hnorm"),
        WithoutRole("embed_tokens"),
        WithoutRole("shared_head.norm"),
        WithoutRole("shared_head.head"),
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

    /// <summary>A layer of Mamba or Mamba-2 beside attention or the MLP of a hybrid. Its units are ordered or tied (docs/families.md), so none has a role.</summary>
    public static IEnumerable<TensorPattern> StateSpace(string module) => StateSpaceNames.Select(name => WithoutRole($"{module}.{name}"));
}
