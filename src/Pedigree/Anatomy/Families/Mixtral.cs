using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Mixtral and MiniMax M1, M2: numbered experts with the w1, w2, w3 of the original Llama. Layers of lightning attention in MiniMax decay at a rate that is set by the number of
/// the head, so their heads have no role.</summary>
internal static class Mixtral
{
    public static ModelFamily Family { get; } = new(
        "mixtral",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            Reads("block_sparse_moe.gate", Part.Router).AsRequired(),
            Reads("block_sparse_moe.experts.{expert}.w1", Part.Gate),
            Reads("block_sparse_moe.experts.{expert}.w3", Part.Up),
            Writes("block_sparse_moe.experts.{expert}.w2", Part.Down),
            Reads("block_sparse_moe.e_score_correction", Part.Router),
            WithoutRole("self_attn.qkv_proj"),
            WithoutRole("self_attn.output_gate"),
            WithoutRole("self_attn.norm"),
            WithoutRole("self_attn.out_proj"),
            WithoutRole("self_attn.slope_rate"),
            WithoutRole("self_attn.query_decay"),
            WithoutRole("self_attn.key_decay"),
            WithoutRole("self_attn.diagonal_decay"),
        ],
        CommonBlocks.Outside);
}
