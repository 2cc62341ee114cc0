using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>HRM-Text: two stacks that take turns, with norms without gains; a gate on the output of attention stands before query, key and value in one tensor. The layers of the fast stack count first.</summary>
internal static class HrmText
{
    public static ModelFamily Family { get; } = new(
        "hrm-text",
        [
            GateQueryKeyValue("attn.gqkv_proj").AsRequired(),
            Writes("attn.o_proj", Part.AttentionOutput),
            FusedGateUp("mlp.gate_up_proj"),
            Writes("mlp.down_proj", Part.Down),
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            WithoutRole("z_L_init"),
        ])
    {
        JoinedStacks = ["L_module.layers", "H_module.layers"],
    };
}
