using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Inkling: attention with content-dependent relative positions and short convolutions of keys and values, and short convolutions behind attention and the MLP; heads of sliding layers differ
/// from the others. Shared experts share the router with routed ones, so it has no role.</summary>
internal static class Inkling
{
    public static ModelFamily Family { get; } = new(
        "inkling",
        [
            .. CommonBlocks.SeparateAttention,
            WithoutRole("self_attn.r_proj"),
            WithoutRole("self_attn.rel_logits_proj.proj").AsRequired(),
            WithoutRole("self_attn.k_sconv.conv1d"),
            WithoutRole("self_attn.v_sconv.conv1d"),
            WithoutRole("attn_sconv.conv1d"),
            WithoutRole("mlp_sconv.conv1d"),
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            WithoutRole("mlp.global_scale"),
            .. CommonBlocks.StackedMlp("mlp.experts"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            WithoutRole("mlp.shared_experts.gate_proj"),
            WithoutRole("mlp.shared_experts.up_proj"),
            WithoutRole("mlp.shared_experts.down_proj"),
            WithoutRole("mlp.gate"),
            WithoutRole("mlp.gate.e_score_correction"),
            WithoutRole("mlp.gate.global_scale"),
        ],
        [
            .. CommonBlocks.Outside,
            Gain("embed_norm", Part.EmbeddingNorm),
        ]);
}
