using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Models that keep all experts of a layer in one three-dimensional tensor: Llama 4, and recent exports of Qwen-MoE and Mixtral.</summary>
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
            Reads("mlp.gate", Part.Router),
            Reads("mlp.router", Part.Router),
            Reads("feed_forward.router", Part.Router),
            Reads("mlp.shared_expert_gate", Part.SharedExpertGate),
        ],
        CommonBlocks.Outside);
}
