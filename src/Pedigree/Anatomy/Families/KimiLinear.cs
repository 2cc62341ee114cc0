using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Kimi Linear: latent attention in some layers, Kimi delta attention in the others, in the names of plain attention; heads of the latter decay at rates of their own and have no role.</summary>
internal static class KimiLinear
{
    public static ModelFamily Family { get; } = new(
        "kimi-linear",
        [
            Reads("self_attn.q_proj", Part.Query).ExceptBeside("self_attn.A_log"),
            Writes("self_attn.o_proj", Part.AttentionOutput).ExceptBeside("self_attn.A_log"),
            Reads("self_attn.q_a_proj", Part.LatentQuery),
            HeadGain("self_attn.q_a_layernorm", Part.LatentQueryNorm),
            ReadsLatent("self_attn.q_b_proj", Part.QueryFromLatent),
            LatentAndRotaryKey("self_attn.kv_a_proj_with_mqa"),
            HeadGain("self_attn.kv_a_layernorm", Part.LatentKeyValueNorm),
            LatentKeyValue("self_attn.kv_b_proj"),
            WithoutRole("self_attn.k_proj"),
            WithoutRole("self_attn.v_proj"),
            WithoutRole("self_attn.b_proj"),
            WithoutRole("self_attn.f_a_proj"),
            WithoutRole("self_attn.f_b_proj"),
            WithoutRole("self_attn.g_a_proj"),
            WithoutRole("self_attn.g_b_proj"),
            WithoutRole("self_attn.g_proj"),
            WithoutRole("self_attn.q_conv1d"),
            WithoutRole("self_attn.k_conv1d"),
            WithoutRole("self_attn.v_conv1d"),
            WithoutRole("self_attn.dt"),
            WithoutRole("self_attn.o_norm"),
            WithoutRole("self_attn.A_log").AsRequired(),
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.GatedMlp("block_sparse_moe"),
            Reads("block_sparse_moe.experts.{expert}.w1", Part.Gate),
            Reads("block_sparse_moe.experts.{expert}.w3", Part.Up),
            Writes("block_sparse_moe.experts.{expert}.w2", Part.Down),
            .. CommonBlocks.SharedExpert("block_sparse_moe.shared_experts"),
            Reads("block_sparse_moe.gate", Part.Router),
            Reads("block_sparse_moe.gate.e_score_correction", Part.Router),
        ],
        CommonBlocks.Outside);
}
