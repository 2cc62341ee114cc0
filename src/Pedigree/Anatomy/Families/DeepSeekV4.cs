using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>DeepSeek-V4: several residual streams (hyper-connections, whose dimensions are permuted alike), compressed queries, one key that is also the value, an output through
/// groups of compressed vectors. Where a table deals tokens to experts (tid2eid), the table and not chance decides what an expert learns, so that router has no role.</summary>
internal static class DeepSeekV4
{
    public static ModelFamily Family { get; } = new(
        "deepseek-v4",
        [
            Reads("attn.wq_a", Part.LatentQuery),
            HeadGain("attn.q_norm", Part.LatentQueryNorm),
            ReadsLatent("attn.wq_b", Part.QueryFromLatent),
            WithoutRole("attn.wkv"),
            WithoutRole("attn.norm"),
            WithoutRole("attn.kv_norm"),
            WithoutRole("attn.wo_a"),
            WithoutRole("attn.wo_b").AsRequired(),
            WithoutRole("attn.attn_sink"),
            WithoutRole("attn.compressor.ape"),
            WithoutRole("attn.compressor.norm"),
            WithoutRole("attn.compressor.wgate"),
            WithoutRole("attn.compressor.wkv"),
            WithoutRole("attn.indexer.wq_b"),
            WithoutRole("attn.indexer.weights_proj"),
            WithoutRole("attn.indexer.compressor.ape"),
            WithoutRole("attn.indexer.compressor.norm"),
            WithoutRole("attn.indexer.compressor.wgate"),
            WithoutRole("attn.indexer.compressor.wkv"),
            Gain("attn_norm", Part.AttentionNorm),
            Gain("ffn_norm", Part.MlpNorm),
            Reads("ffn.experts.{expert}.w1", Part.Gate),
            Reads("ffn.experts.{expert}.w3", Part.Up),
            Writes("ffn.experts.{expert}.w2", Part.Down),
            Reads("ffn.shared_experts.w1", Part.Gate).OfSharedExpert(),
            Reads("ffn.shared_experts.w3", Part.Up).OfSharedExpert(),
            Writes("ffn.shared_experts.w2", Part.Down).OfSharedExpert(),
            Reads("ffn.gate", Part.Router).ExceptBeside("ffn.gate.tid2eid"),
            WithoutRole("ffn.gate.tid2eid"),
            WithoutRole("hc_attn_base"),
            WithoutRole("hc_attn_fn"),
            WithoutRole("hc_attn_scale"),
            WithoutRole("hc_ffn_base"),
            WithoutRole("hc_ffn_fn"),
            WithoutRole("hc_ffn_scale"),
            WithoutRole("e_proj"),
            WithoutRole("h_proj"),
            WithoutRole("enorm"),
            WithoutRole("hnorm"),
            WithoutRole("hc_head_base"),
            WithoutRole("hc_head_fn"),
            WithoutRole("hc_head_scale"),
            Gain("norm", Part.OtherNorm),
        ],
        [
            Reads("embed", Part.Embedding),
            Reads("embed_tokens", Part.Embedding),
            Reads("head", Part.Unembedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm", Part.FinalNorm),
            WithoutRole("hc_head.hc_base"),
            WithoutRole("hc_head.hc_fn"),
            WithoutRole("hc_head.hc_scale"),
            WithoutRole("hc_head_base"),
            WithoutRole("hc_head_fn"),
            WithoutRole("hc_head_scale"),
        ]);
}
