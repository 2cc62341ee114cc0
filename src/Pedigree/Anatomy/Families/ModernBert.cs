using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>ModernBERT and its decoder: query, key and value one after another or apart, gate rows before up rows.</summary>
internal static class ModernBert
{
    public static ModelFamily Family { get; } = new(
        "modernbert",
        [
            FusedQueryKeyValue("attn.Wqkv"),
            Reads("attn.q_proj", Part.Query),
            Reads("attn.k_proj", Part.Key),
            Reads("attn.v_proj", Part.Value),
            Writes("attn.Wo", Part.AttentionOutput),
            FusedGateUp("mlp.Wi").AsRequired(),
            Writes("mlp.Wo", Part.Down),
            Gain("attn_norm", Part.AttentionNorm),
            Gain("mlp_norm", Part.MlpNorm),
        ],
        [
            Reads("embeddings.tok_embeddings", Part.Embedding),
            Gain("embeddings.norm", Part.EmbeddingNorm),
            Gain("final_norm", Part.FinalNorm),
            WithoutRole("head.dense"),
            WithoutRole("head.norm"),
            WithoutRole("lm_head.dense"),
            WithoutRole("lm_head.norm"),
            WithoutRole("decoder"),
            WithoutRole("classifier"),
        ]);
}
