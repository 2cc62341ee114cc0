using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Mixtral: numbered experts with the w1, w2, w3 of the original Llama.</summary>
internal static class Mixtral
{
    public static ModelFamily Family { get; } = new(
        "mixtral",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            Reads("block_sparse_moe.gate", Part.Router).AsRequired(),
            Reads("block_sparse_moe.experts.{expert}.w1", Part.Gate),
            Reads("block_sparse_moe.experts.{expert}.w3", Part.Up),
            Writes("block_sparse_moe.experts.{expert}.w2", Part.Down),
        ],
        CommonBlocks.Outside);
}
