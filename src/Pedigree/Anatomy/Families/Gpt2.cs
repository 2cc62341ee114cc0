using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GPT-2, whose matrices are stored [in, out], and nanoGPT, makemore and others, which keep the names but store [out, in].</summary>
internal static class Gpt2
{
    public static ModelFamily Family { get; } = new(
        "gpt2",
        [
            FusedQueryKeyValue("attn.c_attn").AsRequired(),
            Writes("attn.c_proj", Part.AttentionOutput),
            Reads("mlp.c_fc", Part.Up),
            Writes("mlp.c_proj", Part.Down),
            Gain("ln_1", Part.AttentionNorm),
            Gain("ln_2", Part.MlpNorm),
        ],
        [
            Reads("wte", Part.Embedding),
            Reads("tok_emb", Part.Embedding),
            Reads("wpe", Part.PositionEmbedding),
            Reads("pos_emb", Part.PositionEmbedding),
            Reads("lm_head", Part.Unembedding),
            Reads("head", Part.Unembedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
