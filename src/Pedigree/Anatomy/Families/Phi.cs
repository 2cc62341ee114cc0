using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Phi 1 and 2: attention and an MLP without a gate, side by side behind one norm.</summary>
internal static class Phi
{
    public static ModelFamily Family { get; } = new(
        "phi",
        [
            Reads("self_attn.q_proj", Part.Query),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.dense", Part.AttentionOutput).AsRequired(),
            HeadGain("self_attn.q_layernorm", Part.QueryNorm),
            HeadGain("self_attn.k_layernorm", Part.KeyNorm),
            Reads("mlp.fc1", Part.Up),
            Writes("mlp.fc2", Part.Down),
            Gain("input_layernorm", Part.AttentionNorm),
        ],
        [
            .. CommonBlocks.Outside,
            Gain("final_layernorm", Part.FinalNorm),
        ]);
}
