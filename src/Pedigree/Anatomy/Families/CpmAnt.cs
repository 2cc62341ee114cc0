using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>CPM-Ant and CPM-Bee.</summary>
internal static class CpmAnt
{
    public static ModelFamily Family { get; } = new(
        "cpmant",
        [
            Reads("self_att.self_attention.project_q", Part.Query).AsRequired(),
            Reads("self_att.self_attention.project_k", Part.Key),
            Reads("self_att.self_attention.project_v", Part.Value),
            Writes("self_att.self_attention.attention_out", Part.AttentionOutput),
            Reads("ffn.ffn.w_in.w_0", Part.Gate),
            Reads("ffn.ffn.w_in.w_1", Part.Up),
            Writes("ffn.ffn.w_out", Part.Down),
            Gain("self_att.layernorm_before_attention", Part.AttentionNorm),
            Gain("ffn.layernorm_before_ffn", Part.MlpNorm),
        ],
        [
            Reads("input_embedding", Part.Embedding),
            Reads("segment_embedding", Part.SegmentEmbedding),
            WithoutRole("position_bias.relative_attention"),
            WithoutRole("prompt_embedding"),
            Gain("encoder.output_layernorm", Part.FinalNorm),
            Reads("lm_head", Part.Unembedding),
        ]);
}
