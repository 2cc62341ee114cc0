using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>EXAONE 3: the attention names of GPT-Neo with a gated MLP.</summary>
internal static class Exaone
{
    public static ModelFamily Family { get; } = new(
        "exaone",
        [
            Reads("attn.attention.q_proj", Part.Query),
            Reads("attn.attention.k_proj", Part.Key),
            Reads("attn.attention.v_proj", Part.Value),
            Writes("attn.attention.out_proj", Part.AttentionOutput),
            WithoutRole("attn.attention.rotary.inv_freq"),
            Reads("mlp.c_fc_0", Part.Gate).AsRequired(),
            Reads("mlp.c_fc_1", Part.Up),
            Writes("mlp.c_proj", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
            Gain("ln_2", Part.MlpNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
