using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GPT-J: attention and an MLP without a gate, side by side behind one norm.</summary>
internal static class GptJ
{
    public static ModelFamily Family { get; } = new(
        "gpt-j",
        [
            Reads("attn.q_proj", Part.Query),
            Reads("attn.k_proj", Part.Key),
            Reads("attn.v_proj", Part.Value),
            Writes("attn.out_proj", Part.AttentionOutput),
            Reads("mlp.fc_in", Part.Up).AsRequired(),
            Writes("mlp.fc_out", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
