using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>StarCoder2: Llama with an MLP without a gate in the names of GPT-2.</summary>
internal static class StarCoder2
{
    public static ModelFamily Family { get; } = new(
        "starcoder2",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            Reads("mlp.c_fc", Part.Up).AsRequired(),
            Writes("mlp.c_proj", Part.Down),
        ],
        CommonBlocks.Outside);
}
