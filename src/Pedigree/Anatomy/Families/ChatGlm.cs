using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>ChatGLM2, ChatGLM3 and GLM-4 in their first names: query, key and value one after another, gate rows before up rows.</summary>
internal static class ChatGlm
{
    public static ModelFamily Family { get; } = new(
        "chatglm",
        [
            FusedQueryKeyValue("self_attention.query_key_value").AsRequired(),
            Writes("self_attention.dense", Part.AttentionOutput),
            FusedGateUp("mlp.dense_h_to_4h"),
            Writes("mlp.dense_4h_to_h", Part.Down),
            .. CommonBlocks.Norms,
        ],
        [
            Reads("embedding.word_embeddings", Part.Embedding),
            Reads("output_layer", Part.Unembedding),
            Gain("encoder.final_layernorm", Part.FinalNorm),
            WithoutRole("rotary_pos_emb.inv_freq"),
            WithoutRole("prefix_encoder.embedding"),
        ]);
}
