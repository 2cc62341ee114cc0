using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>MPT: query, key and value one after another, an MLP without a gate. Its heads look back by slopes that their number sets (ALiBi, arXiv 2108.12409), so their order is
/// not random and is not tested.</summary>
internal static class Mpt
{
    public static ModelFamily Family { get; } = new(
        "mpt",
        [
            FusedQueryKeyValue("attn.Wqkv").AsRequired(),
            Writes("attn.out_proj", Part.AttentionOutput),
            HeadGain("attn.q_ln", Part.QueryNorm),
            HeadGain("attn.k_ln", Part.KeyNorm),
            Reads("ffn.up_proj", Part.Up),
            Writes("ffn.down_proj", Part.Down),
            Gain("norm_1", Part.AttentionNorm),
            Gain("norm_2", Part.MlpNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("wpe", Part.PositionEmbedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm_f", Part.FinalNorm),
        ])
    {
        UntestedHeads = true,
    };
}
