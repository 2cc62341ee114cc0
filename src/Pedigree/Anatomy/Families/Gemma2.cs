using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Gemma 2 and 3: norms before and after attention and the MLP; gains stored as their distance from 1, as in Gemma 1, which has the names of Llama.</summary>
internal static class Gemma2
{
    public static ModelFamily Family { get; } = new(
        "gemma2",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("post_attention_layernorm", Part.AttentionOutputNorm),
            Gain("pre_feedforward_layernorm", Part.MlpNorm).AsRequired(),
            Gain("post_feedforward_layernorm", Part.MlpOutputNorm),
        ],
        CommonBlocks.Outside);
}
