using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Moshi's language model: projections in modules of their own, gate rows before up rows.</summary>
internal static class Moshi
{
    public static ModelFamily Family { get; } = new(
        "moshi",
        [
            Reads("self_attn.q_proj.linear", Part.Query).AsRequired(),
            Reads("self_attn.k_proj.linear", Part.Key),
            Reads("self_attn.v_proj.linear", Part.Value),
            Writes("self_attn.o_proj.linear", Part.AttentionOutput),
            FusedGateUp("mlp.fc1"),
            Writes("mlp.fc2", Part.Down),
            .. CommonBlocks.Norms,
        ],
        CommonBlocks.Outside);
}
