using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Names around the layers of vision towers.</summary>
internal static class VisionBlocks
{
    public static IReadOnlyList<TensorPattern> Outside { get; } =
    [
        .. new[]
        {
            "embeddings.cls_token", "embeddings.mask_token", "embeddings.position_ids", "embeddings.patch_embeddings.projection", "embeddings.patch_embedding",
            "embeddings.class_embedding", "patch_embed.proj", "patch_conv", "cls_token", "pooler.dense", "classifier",
            "head.probe", "head.attention.in_proj", "head.attention.out_proj", "head.layernorm", "head.mlp.fc1", "head.mlp.fc2",
            "merger.ln_q", "merger.norm", "merger.linear_fc1", "merger.linear_fc2", "merger.mlp.0", "merger.mlp.2",
        }.Select(WithoutRole),
        Reads("embeddings.position_embeddings", Part.PositionEmbedding),
        Reads("embeddings.position_embedding", Part.PositionEmbedding),
        Reads("pos_embed", Part.PositionEmbedding),
        Gain("pre_layrnorm", Part.EmbeddingNorm),
        Gain("ln_pre", Part.EmbeddingNorm),
        Gain("post_layernorm", Part.FinalNorm),
        Gain("layernorm", Part.FinalNorm),
        Gain("norm", Part.FinalNorm),
    ];
}
