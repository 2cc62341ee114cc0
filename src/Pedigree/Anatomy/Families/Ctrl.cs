using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>CTRL: an MLP without a gate, the embedding tied.</summary>
internal static class Ctrl
{
    public static ModelFamily Family { get; } = new(
        "ctrl",
        [
            Reads("multi_head_attention.Wq", Part.Query).AsRequired(),
            Reads("multi_head_attention.Wk", Part.Key),
            Reads("multi_head_attention.Wv", Part.Value),
            Writes("multi_head_attention.dense", Part.AttentionOutput),
            Reads("ffn.0", Part.Up),
            Writes("ffn.2", Part.Down),
            Gain("layernorm1", Part.AttentionNorm),
            Gain("layernorm2", Part.MlpNorm),
        ],
        [
            Reads("w", Part.Embedding),
            // Its matrix is the embedding; the bias stands alone.
            WithoutRole("lm_head"),
            Gain("layernorm", Part.FinalNorm),
        ]);
}
