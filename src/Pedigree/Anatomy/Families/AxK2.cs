using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>A.X-K2: latent attention whose queries share a matrix with a gate on the output, norms with a gate of low rank, sparse selection. That matrix reads the compressed query
/// twice, with and without its norm; it has no role, and without it the heads are not established.</summary>
internal static class AxK2
{
    public static ModelFamily Family { get; } = new(
        "axk2",
        [
            Reads("self_attn.q_a_proj", Part.LatentQuery),
            HeadGain("self_attn.q_a_layernorm", Part.LatentQueryNorm),
            WithoutRole("self_attn.q_b_proj"),
            LatentAndRotaryKey("self_attn.kv_a_proj_with_mqa"),
            HeadGain("self_attn.kv_a_layernorm", Part.LatentKeyValueNorm),
            WithoutRole("self_attn.kv_b_proj"),
            Writes("self_attn.o_proj", Part.AttentionOutput),
            WithoutRole("self_attn.indexer.wq_b"),
            WithoutRole("self_attn.indexer.wk"),
            WithoutRole("self_attn.indexer.k_norm"),
            WithoutRole("self_attn.indexer.weights_proj"),
            Gain("input_layernorm.norm", Part.AttentionNorm).AsRequired(),
            WithoutRole("input_layernorm.W_down"),
            WithoutRole("input_layernorm.W_up"),
            Gain("post_attention_layernorm", Part.MlpNorm),
            Gain("post_attention_layernorm.norm", Part.MlpNorm),
            WithoutRole("post_attention_layernorm.W_down"),
            WithoutRole("post_attention_layernorm.W_up"),
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_experts"),
            Reads("mlp.gate", Part.Router),
            Reads("mlp.gate.e_score_correction", Part.Router),
        ],
        CommonBlocks.Outside);
}
