using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>OLMo 2, FlexOlmo (with numbered experts) and EXAONE 4: norms after attention and after the MLP only, and norms over all query and key rows or over a head.</summary>
internal static class Olmo2
{
    public static ModelFamily Family { get; } = new(
        "olmo2",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            Reads("mlp.gate", Part.Router),
            Gain("post_attention_layernorm", Part.AttentionOutputNorm),
            Gain("post_feedforward_layernorm", Part.MlpOutputNorm).AsRequired(),
        ],
        CommonBlocks.Outside);
}
