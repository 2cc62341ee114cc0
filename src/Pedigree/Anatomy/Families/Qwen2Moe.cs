using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Qwen2-MoE, Qwen3-MoE, OLMoE and MiMo-V2: numbered experts behind a router, sometimes a shared expert with a gate of its own.</summary>
internal static class Qwen2Moe
{
    public static ModelFamily Family { get; } = new(
        "qwen2-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_expert"),
            Reads("mlp.gate", Part.Router).AsRequired(),
            Reads("mlp.gate.e_score_correction", Part.Router),
            Reads("mlp.shared_expert_gate", Part.SharedExpertGate),
            WithoutRole("self_attn.attention_sink"),
        ],
        CommonBlocks.Outside);
}
