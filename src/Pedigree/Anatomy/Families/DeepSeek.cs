using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>DeepSeek-V2 and V3, Kimi K2, MiniCPM3 and A.X-K1: latent attention; fine-grained routed experts and shared experts after a few dense layers, or dense throughout.</summary>
internal static class DeepSeek
{
    public static ModelFamily Family { get; } = new(
        "deepseek",
        [
            .. CommonBlocks.LatentAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_experts"),
            Reads("mlp.gate", Part.Router),
            Reads("mlp.gate.e_score_correction", Part.Router),
            Gain("post_mlp_layernorm", Part.MlpOutputNorm),
            .. CommonBlocks.TokenPrediction,
            WithoutRole("self_attn.indexer.wq_b"),
            WithoutRole("self_attn.indexer.wk"),
            WithoutRole("self_attn.indexer.k_norm"),
            WithoutRole("self_attn.indexer.weights_proj"),
        ],
        CommonBlocks.Outside);
}
