using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Hunyuan 4: latent attention with a gate on its output and sparse selection, several residual streams, stacked experts and shared experts after a dense layer.</summary>
internal static class HunyuanV4
{
    public static ModelFamily Family { get; } = new(
        "hunyuan-v4",
        [
            .. CommonBlocks.LatentAttention,
            .. CommonBlocks.Norms,
            WithoutRole("self_attn.linear_gate"),
            WithoutRole("self_attn.learnable_sink_param").AsRequired(),
            WithoutRole("self_attn.indexer.wq_b"),
            WithoutRole("self_attn.indexer.wk"),
            WithoutRole("self_attn.indexer.k_norm"),
            WithoutRole("self_attn.indexer.weights_proj"),
            Reads("mlp.linear_gate", Part.Gate),
            .. CommonBlocks.GatedMlp("mlp"),
            Reads("mlp.shared_experts.linear_gate", Part.Gate).OfSharedExpert(),
            .. CommonBlocks.SharedExpert("mlp.shared_experts"),
            .. CommonBlocks.StackedMlp("mlp.experts"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            Reads("mlp.gate", Part.Router),
            Reads("mlp.gate.e_score_correction", Part.Router),
            WithoutRole("hc_pre.hc_attn_layer.hc_base"),
            WithoutRole("hc_pre.hc_attn_layer.hc_fn"),
            WithoutRole("hc_pre.hc_attn_layer.hc_scale"),
            WithoutRole("hc_pre.hc_mlp_layer.hc_base"),
            WithoutRole("hc_pre.hc_mlp_layer.hc_fn"),
            WithoutRole("hc_pre.hc_mlp_layer.hc_scale"),
            .. CommonBlocks.TokenPrediction,
        ],
        [
            .. CommonBlocks.Outside,
            WithoutRole("hc_pre.hc_head.hc_head_base"),
            WithoutRole("hc_pre.hc_head.hc_head_fn"),
            WithoutRole("hc_pre.hc_head.hc_head_scale"),
        ]);
}
