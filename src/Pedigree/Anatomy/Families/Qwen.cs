using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Qwen 1: query, key and value one after another; the gate is w2, not w1.</summary>
internal static class Qwen
{
    public static ModelFamily Family { get; } = new(
        "qwen",
        [
            FusedQueryKeyValue("attn.c_attn").AsRequired(),
            Writes("attn.c_proj", Part.AttentionOutput),
            Reads("mlp.w1", Part.Up).AsRequired(),
            Reads("mlp.w2", Part.Gate),
            Writes("mlp.c_proj", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
            Gain("ln_2", Part.MlpNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
