using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>CodeGen: GPT-J with query, value and key rows in four blocks, one for each device it was trained on. ProGen 2 has eight blocks under the same names, which nothing tells apart, so
/// heads are not tested.</summary>
internal static class CodeGen
{
    public static ModelFamily Family { get; } = new(
        "codegen",
        [
            FourQueryValueKey("attn.qkv_proj").AsRequired(),
            Writes("attn.out_proj", Part.AttentionOutput),
            Reads("mlp.fc_in", Part.Up).AsRequired(),
            Writes("mlp.fc_out", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ])
    {
        UntestedHeads = true,
    };
}
