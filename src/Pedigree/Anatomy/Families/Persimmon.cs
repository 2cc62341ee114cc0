using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Persimmon and Fuyu: query, key and value of each head by turns, an MLP without a gate.</summary>
internal static class Persimmon
{
    public static ModelFamily Family { get; } = new(
        "persimmon",
        [
            GroupedQueryKeyValue("self_attn.query_key_value").AsRequired(),
            Writes("self_attn.dense", Part.AttentionOutput),
            HeadGain("self_attn.q_layernorm", Part.QueryNorm),
            HeadGain("self_attn.k_layernorm", Part.KeyNorm),
            Reads("mlp.dense_h_to_4h", Part.Up),
            Writes("mlp.dense_4h_to_h", Part.Down),
            .. CommonBlocks.Norms,
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("final_layernorm", Part.FinalNorm),
            WithoutRole("vision_embed_tokens"),
        ]);
}
