using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>CLIP and SigLIP, both towers.</summary>
internal static class Clip
{
    public static ModelFamily Family { get; } = new(
        "clip",
        [
            Reads("self_attn.q_proj", Part.Query),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.out_proj", Part.AttentionOutput),
            Gain("layer_norm1", Part.AttentionNorm).AsRequired(),
            Gain("layer_norm2", Part.MlpNorm),
            Reads("mlp.fc1", Part.Up),
            Writes("mlp.fc2", Part.Down),
        ],
        [
            .. VisionBlocks.Outside,
            Reads("embeddings.token_embedding", Part.Embedding),
            Gain("final_layer_norm", Part.FinalNorm),
            WithoutRole("head"),
        ]);
}
