using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Doge: Llama with a learned mask of attention and factors on the residual stream.</summary>
internal static class Doge
{
    public static ModelFamily Family { get; } = new(
        "doge",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.Norms,
            WithoutRole("self_attn.A"),
            WithoutRole("self_attn.dt_proj"),
            WithoutRole("input_residual").AsRequired(),
            WithoutRole("post_attention_residual"),
        ],
        CommonBlocks.Outside);
}
