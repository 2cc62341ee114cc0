using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Baichuan: Llama with query, key and value one after another in one tensor. Baichuan 13B has ALiBi (arXiv 2108.12409) under the names of Baichuan 7B, which has not, so
/// heads are not tested.</summary>
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
        CommonBlocks.Outside)
    {
        UntestedHeads = true,
    };
}
