using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GPT-NeoX, Pythia and ChatGLM-6B: query, key and value of each head one after another.</summary>
internal static class GptNeoX
{
    public static ModelFamily Family { get; } = new(
        "gpt-neox",
        [
            GroupedQueryKeyValue("attention.query_key_value").AsRequired(),
            Writes("attention.dense", Part.AttentionOutput),
            Reads("mlp.dense_h_to_4h", Part.Up),
            Writes("mlp.dense_4h_to_h", Part.Down),
            .. CommonBlocks.Norms,
            WithoutRole("attention.rotary_emb.inv_freq"),
        ],
        [
            Reads("embed_in", Part.Embedding),
            Reads("embed_out", Part.Unembedding),
            Gain("final_layer_norm", Part.FinalNorm),
            Reads("word_embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("final_layernorm", Part.FinalNorm),
        ]);
}
