using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>The vision tower of Qwen2-VL, timm and InternViT: query, key and value one after another, an MLP with or without a gate.</summary>
internal static class PackedVit
{
    public static ModelFamily Family { get; } = new(
        "packed-vit",
        [
            FusedQueryKeyValue("attn.qkv").AsRequired(),
            Writes("attn.proj", Part.AttentionOutput),
            HeadGain("attn.q_norm", Part.QueryNorm),
            HeadGain("attn.k_norm", Part.KeyNorm),
            Reads("mlp.fc1", Part.Up),
            Writes("mlp.fc2", Part.Down),
            Reads("mlp.linear_fc1", Part.Up),
            Writes("mlp.linear_fc2", Part.Down),
            .. CommonBlocks.GatedMlp("mlp"),
            Gain("norm1", Part.AttentionNorm),
            Gain("norm2", Part.MlpNorm),
            WithoutRole("ls1"),
            WithoutRole("ls2"),
        ],
        VisionBlocks.Outside);
}
