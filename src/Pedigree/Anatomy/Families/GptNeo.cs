using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GPT-Neo: separate attention and an MLP without a gate.</summary>
internal static class GptNeo
{
    public static ModelFamily Family { get; } = new(
        "gpt-neo",
        [
            Reads("attn.attention.q_proj", Part.Query),
            Reads("attn.attention.k_proj", Part.Key),
            Reads("attn.attention.v_proj", Part.Value),
            Writes("attn.attention.out_proj", Part.AttentionOutput),
            Reads("mlp.c_fc", Part.Up).AsRequired(),
            Writes("mlp.c_proj", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
            Gain("ln_2", Part.MlpNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("wpe", Part.PositionEmbedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
