using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Whisper and BART; the layers of the encoder count first, then those of the decoder.</summary>
internal static class Whisper
{
    public static ModelFamily Family { get; } = new(
        "whisper",
        [
            Reads("self_attn.q_proj", Part.Query),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.out_proj", Part.AttentionOutput),
            Gain("self_attn_layer_norm", Part.AttentionNorm),
            Reads("encoder_attn.q_proj", Part.CrossQuery).AsRequired(),
            Reads("encoder_attn.k_proj", Part.CrossKey),
            Reads("encoder_attn.v_proj", Part.CrossValue),
            Writes("encoder_attn.out_proj", Part.CrossOutput),
            Gain("encoder_attn_layer_norm", Part.CrossNorm),
            Reads("fc1", Part.Up),
            Writes("fc2", Part.Down),
            Gain("final_layer_norm", Part.MlpNorm),
        ],
        [
            WithoutRole("encoder.conv1"),
            WithoutRole("encoder.conv2"),
            WithoutRole("encoder.embed_positions"),
            WithoutRole("encoder.embed_tokens"),
            WithoutRole("encoder.layernorm_embedding"),
            Gain("encoder.layer_norm", Part.OtherNorm),
            Reads("shared", Part.Embedding),
            Reads("decoder.embed_tokens", Part.Embedding),
            Reads("decoder.embed_positions", Part.PositionEmbedding),
            Gain("decoder.layernorm_embedding", Part.EmbeddingNorm),
            Gain("decoder.layer_norm", Part.FinalNorm),
            Reads("proj_out", Part.Unembedding),
            Reads("lm_head", Part.Unembedding),
            WithoutRole("final_logits"),
        ])
    {
        JoinedStacks = ["encoder.layers", "decoder.layers"],
    };
}
