using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Granite MoE: all experts of a layer in one tensor, gate rows before up rows, and in some a shared MLP. Granite dense has the names of Llama.</summary>
internal static class GraniteMoe
{
    public static ModelFamily Family { get; } = new(
        "granite-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            FusedGateUp("block_sparse_moe.input_linear").OfAllExperts().AsRequired(),
            Writes("block_sparse_moe.output_linear", Part.Down).OfAllExperts(),
            Reads("block_sparse_moe.router.layer", Part.Router),
            FusedGateUp("shared_mlp.input_linear").OfSharedExpert(),
            Writes("shared_mlp.output_linear", Part.Down).OfSharedExpert(),
        ],
        CommonBlocks.Outside);
}
