using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>DistilBERT.</summary>
internal static class DistilBert
{
    public static ModelFamily Family { get; } = new(
        "distilbert",
        [
            Reads("attention.q_lin", Part.Query).AsRequired(),
            Reads("attention.k_lin", Part.Key),
            Reads("attention.v_lin", Part.Value),
            Writes("attention.out_lin", Part.AttentionOutput),
            Gain("sa_layer_norm", Part.AttentionOutputNorm),
            Reads("ffn.lin1", Part.Up),
            Writes("ffn.lin2", Part.Down),
            Gain("output_layer_norm", Part.MlpOutputNorm),
        ],
        [
            Reads("embeddings.word_embeddings", Part.Embedding),
            Reads("embeddings.position_embeddings", Part.PositionEmbedding),
            Gain("embeddings.LayerNorm", Part.EmbeddingNorm),
            WithoutRole("vocab_transform"),
            WithoutRole("vocab_layer_norm"),
            WithoutRole("vocab_projector"),
            WithoutRole("pre_classifier"),
            WithoutRole("classifier"),
        ]);
}
