using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>The vision tower of Pixtral and Mistral 3.</summary>
internal static class Pixtral
{
    public static ModelFamily Family { get; } = new(
        "pixtral",
        [
            Reads("attention.q_proj", Part.Query).AsRequired(),
            Reads("attention.k_proj", Part.Key),
            Reads("attention.v_proj", Part.Value),
            Writes("attention.o_proj", Part.AttentionOutput),
            .. CommonBlocks.GatedMlp("feed_forward"),
            Gain("attention_norm", Part.AttentionNorm),
            Gain("ffn_norm", Part.MlpNorm),
        ],
        VisionBlocks.Outside);
}
