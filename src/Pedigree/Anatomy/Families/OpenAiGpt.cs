using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GPT: the layers of GPT-2 with norms after attention and the MLP instead of before.</summary>
internal static class OpenAiGpt
{
    public static ModelFamily Family { get; } = new(
        "openai-gpt",
        [
            FusedQueryKeyValue("attn.c_attn").AsRequired(),
            Writes("attn.c_proj", Part.AttentionOutput),
            Reads("mlp.c_fc", Part.Up),
            Writes("mlp.c_proj", Part.Down),
            Gain("ln_1", Part.AttentionOutputNorm),
            Gain("ln_2", Part.MlpOutputNorm),
        ],
        [
            Reads("tokens_embed", Part.Embedding),
            Reads("positions_embed", Part.PositionEmbedding),
            Reads("lm_head", Part.Unembedding),
        ]);
}
