using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>InternLM2 and 2.5: for each KV group its query heads, its key head and its value head. InternLM 1 and 3 have the names of Llama.</summary>
internal static class InternLm2
{
    public static ModelFamily Family { get; } = new(
        "internlm2",
        [
            GroupedQueryKeyValue("attention.wqkv").AsRequired(),
            Writes("attention.wo", Part.AttentionOutput),
            Reads("feed_forward.w1", Part.Gate),
            Reads("feed_forward.w3", Part.Up),
            Writes("feed_forward.w2", Part.Down),
            Gain("attention_norm", Part.AttentionNorm),
            Gain("ffn_norm", Part.MlpNorm),
        ],
        [
            Reads("tok_embeddings", Part.Embedding),
            Reads("output", Part.Unembedding),
            Gain("norm", Part.FinalNorm),
        ]);
}
