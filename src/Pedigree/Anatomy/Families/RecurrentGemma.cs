using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>RecurrentGemma: attention in some layers, a gated linear recurrence in the others, whose channels stand in blocks and have no role. Gains are stored as their distance from 1.</summary>
internal static class RecurrentGemma
{
    public static ModelFamily Family { get; } = new(
        "recurrent-gemma",
        [
            Reads("temporal_block.q_proj", Part.Query),
            Reads("temporal_block.k_proj", Part.Key),
            Reads("temporal_block.v_proj", Part.Value),
            Writes("temporal_block.o_proj", Part.AttentionOutput),
            WithoutRole("temporal_block.conv_1d"),
            WithoutRole("temporal_block.linear_out"),
            WithoutRole("temporal_block.linear_x"),
            WithoutRole("temporal_block.linear_y"),
            WithoutRole("temporal_block.rg_lru.input_gate"),
            WithoutRole("temporal_block.rg_lru.recurrent_gate"),
            WithoutRole("temporal_block.rg_lru.recurrent_param"),
            Gain("temporal_pre_norm", Part.AttentionNorm),
            Gain("channel_pre_norm", Part.MlpNorm).AsRequired(),
            .. CommonBlocks.GatedMlp("mlp_block"),
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("final_norm", Part.FinalNorm),
        ]);
}
