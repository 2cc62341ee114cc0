using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Baichuan: Llama with query, key and value one after another in one tensor.</summary>
internal static class Baichuan
{
    public static ModelFamily Family { get; } = new(
        "baichuan",
        [
            FusedQueryKeyValue("self_attn.W_pack").AsRequired(),
            Writes("self_attn.o_proj", Part.AttentionOutput),
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.Norms,
        ],
        CommonBlocks.Outside);
}
