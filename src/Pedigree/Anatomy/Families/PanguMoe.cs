using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Pangu Pro MoE: grouped experts, a shared expert without a gate, and a scale for each expert's routing weight.</summary>
internal static class PanguMoe
{
    public static ModelFamily Family { get; } = new(
        "pangu-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_expert").Select(pattern => pattern.AsRequired()),
            Reads("mlp.gate", Part.Router).AsRequired(),
            WithoutRole("mlp.router_scale"),
        ],
        CommonBlocks.Outside);
}
