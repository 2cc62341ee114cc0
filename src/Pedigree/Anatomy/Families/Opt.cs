using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>OPT: an MLP without a gate, learned positions; the smaller ones project between embedding and stream.</summary>
internal static class Opt
{
    public static ModelFamily Family { get; } = new(
        "opt",
        [
            Reads("self_attn.q_proj", Part.Query),
            Reads("self_attn.k_proj", Part.Key),
            Reads("self_attn.v_proj", Part.Value),
            Writes("self_attn.out_proj", Part.AttentionOutput),
            Gain("self_attn_layer_norm", Part.AttentionNorm).AsRequired(),
            Reads("fc1", Part.Up),
            Writes("fc2", Part.Down),
            Gain("final_layer_norm", Part.MlpNorm),
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("embed_positions", Part.PositionEmbedding),
            Reads("lm_head", Part.Unembedding),
            Gain("final_layer_norm", Part.FinalNorm),
            Gain("layer_norm", Part.FinalNorm),
            WithoutRole("project_in"),
            WithoutRole("project_out"),
            WithoutRole("conv1"),
            WithoutRole("conv2"),
        ]);
}
