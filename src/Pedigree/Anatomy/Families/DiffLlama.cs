using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>DiffLlama: Llama with differential attention, in which one half of the heads is taken off the other: heads come in pairs and are not exchangeable one by one.</summary>
internal static class DiffLlama
{
    public static ModelFamily Family { get; } = new(
        "diffllama",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.Norms,
            WithoutRole("self_attn.lambda_k1").AsRequired(),
            WithoutRole("self_attn.lambda_k2"),
            WithoutRole("self_attn.lambda_q1"),
            WithoutRole("self_attn.lambda_q2"),
        ],
        CommonBlocks.Outside)
    {
        UntestedHeads = true,
    };
}
