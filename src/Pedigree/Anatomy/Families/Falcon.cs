using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Falcon: for each KV group its query heads, its key head and its value head; with one group (7B) that is query, key and value one after another.</summary>
internal static class Falcon
{
    public static ModelFamily Family { get; } = new(
        "falcon",
        [
            GroupedQueryKeyValue("self_attention.query_key_value").AsRequired(),
            Writes("self_attention.dense", Part.AttentionOutput),
            Reads("mlp.dense_h_to_4h", Part.Up),
            Writes("mlp.dense_4h_to_h", Part.Down),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("post_attention_layernorm", Part.MlpNorm),
            Gain("ln_attn", Part.AttentionNorm),
            Gain("ln_mlp", Part.MlpNorm),
        ],
        [
            Reads("word_embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
