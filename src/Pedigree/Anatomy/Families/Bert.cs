using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>BERT, RoBERTa, ELECTRA, RoFormer, RemBERT and others: encoders with a norm after attention and after the MLP; before both in Megatron-BERT and XLM-RoBERTa-XL.</summary>
internal static class Bert
{
    // Where embeddings are narrower than the stream, these stand between; their dimensions are not those of the stream.
    private static readonly string[] Projections = ["embeddings_project", "encoder.embedding_hidden_mapping_in"];

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
            Gain("attention.LayerNorm", Part.AttentionNorm),
            Gain("attention.self_attn_layer_norm", Part.AttentionNorm),
            Gain("attention.ln", Part.AttentionNorm),
            Gain("intermediate.LayerNorm", Part.MlpNorm),
            Gain("LayerNorm", Part.MlpNorm),
            Gain("ln", Part.MlpNorm),
        ],
        [
            Reads("embeddings.word_embeddings", Part.Embedding).ExceptBeside(Projections),
            Reads("embeddings.position_embeddings", Part.PositionEmbedding).ExceptBeside(Projections),
            Reads("embeddings.token_type_embeddings", Part.SegmentEmbedding).ExceptBeside(Projections),
            Gain("embeddings.LayerNorm", Part.EmbeddingNorm).ExceptBeside(Projections),
            Gain("LayerNorm", Part.FinalNorm),
            Gain("encoder.LayerNorm", Part.FinalNorm),
            Gain("encoder.ln", Part.FinalNorm),
            WithoutRole("encoder.embed_positions"),
            WithoutRole("encoder.embedding_hidden_mapping_in"),
            WithoutRole("embeddings.map_inputs_layer"),
            WithoutRole("embeddings.shape_embed"),
            WithoutRole("embeddings.pronunciation_embed"),
            Reads("output", Part.Unembedding),
            WithoutRole("pooler"),
            WithoutRole("cls.predictions.dense"),
            WithoutRole("cls.predictions.LayerNorm"),
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
