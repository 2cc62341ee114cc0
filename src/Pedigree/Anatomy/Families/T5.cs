using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>T5, T5 1.1 (with a gate) and their relatives; the layers of the encoder count first, then those of the decoder.</summary>
internal static class T5
{
    public static ModelFamily Family { get; } = new(
        "t5",
        [
            Reads("layer.0.SelfAttention.q", Part.Query).AsRequired(),
            Reads("layer.0.SelfAttention.k", Part.Key),
            Reads("layer.0.SelfAttention.v", Part.Value),
            Writes("layer.0.SelfAttention.o", Part.AttentionOutput),
            Gain("layer.0.layer_norm", Part.AttentionNorm),
            WithoutRole("layer.0.SelfAttention.relative_attention_bias"),
            Reads("layer.1.EncDecAttention.q", Part.CrossQuery),
            Reads("layer.1.EncDecAttention.k", Part.CrossKey),
            Reads("layer.1.EncDecAttention.v", Part.CrossValue),
            Writes("layer.1.EncDecAttention.o", Part.CrossOutput),
            WithoutRole("layer.1.EncDecAttention.relative_attention_bias"),
            Gain("encoder.block:layer.1.layer_norm", Part.MlpNorm),
            Gain("decoder.block:layer.1.layer_norm", Part.CrossNorm),
            .. Mlp("layer.1.DenseReluDense"),
            .. Mlp("layer.2.DenseReluDense"),
            Gain("layer.2.layer_norm", Part.MlpNorm),
        ],
        [
            Reads("shared", Part.Embedding),
            WithoutRole("encoder.embed_tokens"),
            WithoutRole("decoder.embed_tokens"),
            Reads("lm_head", Part.Unembedding),
            Gain("encoder.final_layer_norm", Part.OtherNorm),
            Gain("decoder.final_layer_norm", Part.FinalNorm),
        ])
    {
        JoinedStacks = ["encoder.block", "decoder.block"],
    };

    private static IEnumerable<TensorPattern> Mlp(string module) =>
    [
        Reads($"{module}.wi", Part.Up),
        Reads($"{module}.wi_0", Part.Gate),
        Reads($"{module}.wi_1", Part.Up),
        Writes($"{module}.wo", Part.Down),
    ];
}
