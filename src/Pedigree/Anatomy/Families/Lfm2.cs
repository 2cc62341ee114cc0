using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>LFM2 and LFM2-MoE: attention in some layers, a gated short convolution in the others, which has no role; the norm that is called one of embeddings stands before the unembedding.</summary>
internal static class Lfm2
{
    public static ModelFamily Family { get; } = new(
        "lfm2",
        [
            Reads("self_attn.q_proj", Part.Query),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.out_proj", Part.AttentionOutput),
            HeadGain("self_attn.q_layernorm", Part.QueryNorm),
            HeadGain("self_attn.k_layernorm", Part.KeyNorm),
            WithoutRole("conv.conv"),
            WithoutRole("conv.in_proj"),
            WithoutRole("conv.out_proj"),
            Gain("operator_norm", Part.AttentionNorm).AsRequired(),
            Gain("ffn_norm", Part.MlpNorm),
            Reads("feed_forward.w1", Part.Gate),
            Reads("feed_forward.w3", Part.Up),
            Writes("feed_forward.w2", Part.Down),
            Reads("feed_forward.experts.{expert}.w1", Part.Gate),
            Reads("feed_forward.experts.{expert}.w3", Part.Up),
            Writes("feed_forward.experts.{expert}.w2", Part.Down),
            Reads("feed_forward.gate", Part.Router),
            Reads("feed_forward.expert", Part.Router),
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("embedding_norm", Part.FinalNorm),
        ]);
}
