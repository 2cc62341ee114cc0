using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Models that keep all experts of a layer in one three-dimensional tensor: Llama 4, Aria, MiniMax M3, and recent exports of Qwen-MoE and Mixtral.</summary>
internal static class StackedMoe
{
    public static ModelFamily Family { get; } = new(
        "stacked-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("feed_forward"),
            .. CommonBlocks.StackedMlp("mlp.experts"),
            .. CommonBlocks.StackedMlp("feed_forward.experts"),
            .. CommonBlocks.SharedExpert("mlp.shared_expert"),
            .. CommonBlocks.SharedExpert("feed_forward.shared_expert"),
            .. CommonBlocks.SharedExpert("mlp.shared_experts"),
            FusedGateUp("mlp.shared_experts.gate_up_proj").OfSharedExpert(),
            FusedGateUp("mlp.gate_up_proj"),
            FusedGateUp("mlp.experts.fc1").OfAllExperts(),
            Writes("mlp.experts.fc2", Part.Down).OfAllExperts(),
            Reads("mlp.gate", Part.Router),
            Reads("mlp.gate.e_score_correction", Part.Router),
            Reads("mlp.router", Part.Router),
            Reads("feed_forward.router", Part.Router),
            Reads("mlp.shared_expert_gate", Part.SharedExpertGate),
        ],
        CommonBlocks.Outside);
}
