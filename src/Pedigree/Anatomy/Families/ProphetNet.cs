using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>ProphetNet: an encoder and a decoder with norms after attention and the MLP, and relative positions; the layers of the encoder count first.</summary>
internal static class ProphetNet
{
    public static ModelFamily Family { get; } = new(
        "prophetnet",
        [
            Reads("self_attn.query_proj", Part.Query).AsRequired(),
            Reads("self_attn.key_proj", Part.Key),
            Reads("self_attn.value_proj", Part.Value),
            Writes("self_attn.out_proj", Part.AttentionOutput),
            WithoutRole("self_attn.relative_pos_embeddings"),
            Gain("self_attn_layer_norm", Part.AttentionOutputNorm),
            Reads("cross_attn.query_proj", Part.CrossQuery),
            Reads("cross_attn.key_proj", Part.CrossKey),
            Reads("cross_attn.value_proj", Part.CrossValue),
            Writes("cross_attn.out_proj", Part.CrossOutput),
            Gain("cross_attn_layer_norm", Part.CrossNorm),
            Reads("feed_forward.intermediate", Part.Up),
            Writes("feed_forward.output", Part.Down),
            Gain("feed_forward_layer_norm", Part.MlpOutputNorm),
        ],
        [
            Reads("word_embeddings", Part.Embedding),
            WithoutRole("encoder.word_embeddings"),
            WithoutRole("decoder.word_embeddings"),
            WithoutRole("encoder.position_embeddings"),
            Reads("decoder.position_embeddings", Part.PositionEmbedding),
            WithoutRole("decoder.ngram_embeddings"),
            WithoutRole("encoder.embeddings_layer_norm"),
            Gain("decoder.embeddings_layer_norm", Part.EmbeddingNorm),
            Reads("lm_head", Part.Unembedding),
        ])
    {
        JoinedStacks = ["encoder.layers", "decoder.layers"],
    };
}
