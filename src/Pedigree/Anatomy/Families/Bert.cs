using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>BERT, RoBERTa and ELECTRA: encoders with a norm after attention and after the MLP, and no norm before.</summary>
internal static class Bert
{
    public static ModelFamily Family { get; } = new(
        "bert",
        [
            Reads("attention.self.query", Part.Query).AsRequired(),
            Reads("attention.self.key", Part.Key),
            Reads("attention.self.value", Part.Value),
            Writes("attention.output.dense", Part.AttentionOutput),
            Gain("attention.output.LayerNorm", Part.AttentionOutputNorm),
            Reads("intermediate.dense", Part.Up),
            Writes("output.dense", Part.Down),
            Gain("output.LayerNorm", Part.MlpOutputNorm),
        ],
        [
            Reads("embeddings.word_embeddings", Part.Embedding),
            Reads("embeddings.position_embeddings", Part.PositionEmbedding),
            Reads("embeddings.token_type_embeddings", Part.SegmentEmbedding),
            Gain("embeddings.LayerNorm", Part.EmbeddingNorm),
            WithoutRole("embeddings.position_ids"),
            WithoutRole("embeddings_project"),
            WithoutRole("pooler.dense"),
            WithoutRole("cls.predictions"),
            WithoutRole("cls.predictions.transform.dense"),
            WithoutRole("cls.predictions.transform.LayerNorm"),
            WithoutRole("cls.predictions.decoder"),
            WithoutRole("cls.seq_relationship"),
            WithoutRole("lm_head"),
            WithoutRole("lm_head.dense"),
            WithoutRole("lm_head.layer_norm"),
            WithoutRole("lm_head.decoder"),
            WithoutRole("discriminator_predictions.dense"),
            WithoutRole("discriminator_predictions.dense_prediction"),
            WithoutRole("generator_predictions.LayerNorm"),
            WithoutRole("generator_predictions.dense"),
            WithoutRole("generator_lm_head"),
            WithoutRole("classifier"),
            WithoutRole("classifier.dense"),
            WithoutRole("classifier.out_proj"),
        ]);
}
