using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Qwen3-Next and Qwen 3.5: attention whose query rows stand by turns with a gate on its output, in most layers a gated delta net instead, whose units are not tested; a dense MLP, or
/// numbered or stacked experts and a shared one. Gains are stored as their distance from 1.</summary>
internal static class Qwen3Next
{
    public static ModelFamily Family { get; } = new(
        "qwen3-next",
        [
            QueryAndGate("self_attn.q_proj"),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.o_proj", Part.AttentionOutput),
            HeadGain("self_attn.q_norm", Part.QueryNorm),
            HeadGain("self_attn.k_norm", Part.KeyNorm),
            WithoutRole("linear_attn.A_log"),
            WithoutRole("linear_attn.dt"),
            WithoutRole("linear_attn.conv1d"),
            WithoutRole("linear_attn.norm"),
            WithoutRole("linear_attn.in_proj_ba"),
            WithoutRole("linear_attn.in_proj_qkvz"),
            WithoutRole("linear_attn.in_proj_a"),
            WithoutRole("linear_attn.in_proj_b"),
            WithoutRole("linear_attn.in_proj_qkv"),
            WithoutRole("linear_attn.in_proj_z"),
            WithoutRole("linear_attn.out_proj"),
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.StackedMlp("mlp.experts"),
            .. CommonBlocks.SharedExpert("mlp.shared_expert"),
            Reads("mlp.gate", Part.Router),
            Reads("mlp.shared_expert_gate", Part.SharedExpertGate),
        ],
        [
            .. CommonBlocks.Outside,
            // Beside a layer that predicts further tokens, which is a component.
            WithoutRole("fc"),
            WithoutRole("pre_fc_norm_embedding"),
            WithoutRole("pre_fc_norm_hidden"),
        ]);
}
