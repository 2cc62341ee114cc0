using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>nanochat: norms without gains, an MLP without a gate.</summary>
internal static class NanoChat
{
    public static ModelFamily Family { get; } = new(
        "nanochat",
        [
            .. CommonBlocks.SeparateAttention,
            Reads("mlp.fc1", Part.Up).AsRequired(),
            Writes("mlp.fc2", Part.Down).AsRequired(),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("post_attention_layernorm", Part.MlpNorm),
        ],
        CommonBlocks.Outside);
}
