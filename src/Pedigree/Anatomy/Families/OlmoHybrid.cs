using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>OLMo Hybrid: layers of attention as in OLMo 2, with norms after attention and the MLP, and layers of a gated delta net with norms before both, whose heads have no role.</summary>
internal static class OlmoHybrid
{
    public static ModelFamily Family { get; } = new(
        "olmo-hybrid",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            WithoutRole("linear_attn.A_log").AsRequired(),
            WithoutRole("linear_attn.dt"),
            WithoutRole("linear_attn.q_proj"),
            WithoutRole("linear_attn.k_proj"),
            WithoutRole("linear_attn.v_proj"),
            WithoutRole("linear_attn.a_proj"),
            WithoutRole("linear_attn.b_proj"),
            WithoutRole("linear_attn.g_proj"),
            WithoutRole("linear_attn.q_conv1d"),
            WithoutRole("linear_attn.k_conv1d"),
            WithoutRole("linear_attn.v_conv1d"),
            WithoutRole("linear_attn.o_norm"),
            WithoutRole("linear_attn.o_proj"),
            Gain("attention_layer_norm", Part.AttentionNorm),
            Gain("feedforward_layer_norm", Part.AttentionOutputNorm).Becomes(Part.MlpNorm, "attention_layer_norm"),
            Gain("post_attention_layernorm", Part.AttentionOutputNorm),
            Gain("post_feedforward_layernorm", Part.MlpOutputNorm),
        ],
        CommonBlocks.Outside);
}
