using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>OLMo 1 in its first names: up rows before gate rows; most have norms without gains. In the names of Llama it is read as such.</summary>
internal static class Olmo
{
    public static ModelFamily Family { get; } = new(
        "olmo",
        [
            FusedQueryKeyValue("att_proj").AsRequired(),
            Writes("attn_out", Part.AttentionOutput),
            FusedUpGate("ff_proj"),
            Writes("ff_out", Part.Down),
            Gain("attn_norm", Part.AttentionNorm),
            Gain("ff_norm", Part.MlpNorm),
            HeadGain("q_norm", Part.QueryNorm),
            HeadGain("k_norm", Part.KeyNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("ff_out", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
