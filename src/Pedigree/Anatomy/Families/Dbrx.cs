using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>DBRX: query, key and value one after another; the matrices of all experts of a layer in one, those of down stored [in, out].</summary>
internal static class Dbrx
{
    public static ModelFamily Family { get; } = new(
        "dbrx",
        [
            FusedQueryKeyValue("norm_attn_norm.attn.Wqkv").AsRequired(),
            Writes("norm_attn_norm.attn.out_proj", Part.AttentionOutput),
            Gain("norm_attn_norm.norm_1", Part.AttentionNorm),
            Gain("norm_attn_norm.norm_2", Part.MlpNorm),
            Reads("ffn.router.layer", Part.Router),
            Reads("ffn.experts.mlp.w1", Part.Gate).OfJoinedExperts(),
            Reads("ffn.experts.mlp.v1", Part.Up).OfJoinedExperts(),
            Writes("ffn.experts.mlp.w2", Part.Down).OfJoinedExperts(),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm_f", Part.FinalNorm),
        ]);
}
