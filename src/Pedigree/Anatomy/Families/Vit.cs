using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>ViT, DeiT and DINOv2: encoders of image patches with separate query, key and value.</summary>
internal static class Vit
{
    public static ModelFamily Family { get; } = new(
        "vit",
        [
            Reads("attention.attention.query", Part.Query).AsRequired(),
            Reads("attention.attention.key", Part.Key),
            Reads("attention.attention.value", Part.Value),
            Writes("attention.output.dense", Part.AttentionOutput),
            Reads("intermediate.dense", Part.Up),
            Writes("output.dense", Part.Down),
            Reads("mlp.fc1", Part.Up),
            Writes("mlp.fc2", Part.Down),
            Gain("layernorm_before", Part.AttentionNorm),
            Gain("layernorm_after", Part.MlpNorm),
            Gain("norm1", Part.AttentionNorm),
            Gain("norm2", Part.MlpNorm),
            WithoutRole("layer_scale1.lambda1"),
            WithoutRole("layer_scale2.lambda1"),
        ],
        VisionBlocks.Outside);
}
