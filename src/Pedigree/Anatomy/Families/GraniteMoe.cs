using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Granite MoE: all experts of a layer in one tensor, gate rows before up rows, and in some a shared MLP, in Granite 4 layers of Mamba-2. Granite dense has the names of Llama.</summary>
internal static class GraniteMoe
{
    public static ModelFamily Family { get; } = new(
        "granite-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            FusedGateUp("block_sparse_moe.input_linear").OfAllExperts(),
            Writes("block_sparse_moe.output_linear", Part.Down).OfAllExperts(),
            Reads("block_sparse_moe.router.layer", Part.Router),
            Reads("block_sparse_moe.router", Part.Router),
            .. CommonBlocks.StackedMlp("block_sparse_moe.experts"),
            WithoutRole("self_attn.sinks"),
            .. CommonBlocks.StateSpace("mamba"),
            FusedGateUp("shared_mlp.input_linear").OfSharedExpert(),
            Writes("shared_mlp.output_linear", Part.Down).OfSharedExpert(),
        ],
        CommonBlocks.Outside);
}
