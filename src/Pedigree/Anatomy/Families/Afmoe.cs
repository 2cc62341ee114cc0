using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Arcee's Trinity (AFMoE): norms before and after attention and the MLP, a gate on the output of attention, routed and shared experts after dense layers.</summary>
internal static class Afmoe
{
    public static ModelFamily Family { get; } = new(
        "afmoe",
        [
            .. CommonBlocks.SeparateAttention,
            WithoutRole("self_attn.gate_proj"),
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_experts"),
            Reads("mlp.router.gate", Part.Router),
            Reads("mlp.expert", Part.Router),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("post_attention_layernorm", Part.AttentionOutputNorm),
            Gain("pre_mlp_layernorm", Part.MlpNorm).AsRequired(),
            Gain("post_mlp_layernorm", Part.MlpOutputNorm),
        ],
        CommonBlocks.Outside);
}
