using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Phi-3 and Phi-4: Llama with query, key and value in one tensor, gate and up in another.</summary>
internal static class Phi3
{
    public static ModelFamily Family { get; } = new(
        "phi3",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.Norms,
            FusedQueryKeyValue("self_attn.qkv_proj").AsRequired(),
            FusedGateUp("mlp.gate_up_proj"),
        ],
        CommonBlocks.Outside);
}
