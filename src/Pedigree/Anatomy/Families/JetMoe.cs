using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>JetMoE: experts of attention with keys and values in common, and stacked experts of MLPs, gate rows before up rows. Queries and outputs belong to experts and have no role.</summary>
internal static class JetMoe
{
    public static ModelFamily Family { get; } = new(
        "jetmoe",
        [
            .. CommonBlocks.Norms,
            WithoutRole("self_attention.kv_proj"),
            WithoutRole("self_attention.experts.input_linear"),
            WithoutRole("self_attention.experts.output_linear"),
            WithoutRole("self_attention.experts.router.layer"),
            WithoutRole("self_attention.experts").AsRequired(),
            FusedGateUp("mlp.input_linear").OfAllExperts(),
            Writes("mlp.output_linear", Part.Down).OfAllExperts(),
            Reads("mlp.router.layer", Part.Router),
            WithoutRole("mlp"),
        ],
        CommonBlocks.Outside);
}
