using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>BLOOM: query, key and value of each head one after another; a norm of the embedding, which is tied. Its heads look back by slopes that their number sets (ALiBi, arXiv 2108.12409), so their order is
/// not random and is not tested.</summary>
internal static class Bloom
{
    public static ModelFamily Family { get; } = new(
        "bloom",
        [
            GroupedQueryKeyValue("self_attention.query_key_value").AsRequired(),
            Writes("self_attention.dense", Part.AttentionOutput),
            Reads("mlp.dense_h_to_4h", Part.Up),
            Writes("mlp.dense_4h_to_h", Part.Down),
            .. CommonBlocks.Norms,
        ],
        [
            Reads("word_embeddings", Part.Embedding),
            Gain("word_embeddings_layernorm", Part.EmbeddingNorm),
            Gain("ln_f", Part.FinalNorm),
        ])
    {
        UntestedHeads = true,
    };
}
