using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GLM-4 in the names of Llama: separate attention, gate and up in one tensor, in later ones a norm after attention and after the MLP.</summary>
internal static class Glm
{
    public static ModelFamily Family { get; } = new(
        "glm",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            FusedGateUp("mlp.gate_up_proj").AsRequired(),
            Writes("mlp.down_proj", Part.Down),
            Gain("post_self_attn_layernorm", Part.AttentionOutputNorm),
            Gain("post_mlp_layernorm", Part.MlpOutputNorm),
        ],
        CommonBlocks.Outside);
}
