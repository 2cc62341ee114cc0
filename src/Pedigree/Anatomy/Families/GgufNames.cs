using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>The names of GGUF files, which are the same for all architectures (tensor_mapping.py and constants.py of llama.cpp): separate or fused
/// attention, gated or plain MLPs, experts in one tensor or, in early files, numbered; latent attention; and
/// layers of linear attention and state spaces, which have no role.</summary>
internal static class GgufNames
{
    // Layers of a gated delta net or of Kimi's delta attention are the ones that have these; they use the names of attention besides.
    private static readonly string[] LinearAttention = ["ssm_conv1d_q", "ssm_beta", "ssm_alpha", "ssm_beta_alpha", "ssm_ba"];

    private static readonly string[] Recurrent =
    [
        .. LinearAttention, "ssm_conv1d_k", "ssm_conv1d_v", "ssm_in", "ssm_conv1d", "ssm_x", "ssm_dt", "ssm_a", "ssm_d", "ssm_norm", "ssm_out", "ssm_dt_norm", "ssm_b_norm", "ssm_c_norm",
        "ssm_f_a", "ssm_f_b", "ssm_g_a", "ssm_g_b", "ssm_g", "shortconv.conv", "shortconv.in_proj", "shortconv.out_proj",
    ];

    public static ModelFamily Family { get; } = new(
        "gguf",
        [
            QueryAndGate("attn_q").ExceptBeside(LinearAttention),
            Reads("attn_k", Part.Key).ExceptBeside(LinearAttention),
            Reads("attn_v", Part.Value).ExceptBeside(LinearAttention),
            FusedQueryKeyValue("attn_qkv").ExceptBeside(LinearAttention),
            Writes("attn_output", Part.AttentionOutput).ExceptBeside(LinearAttention),
            WithoutRole("attn_gate"),
            Reads("attn_q_a", Part.LatentQuery),
            HeadGain("attn_q_a_norm", Part.LatentQueryNorm),
            ReadsLatent("attn_q_b", Part.QueryFromLatent),
            LatentAndRotaryKey("attn_kv_a_mqa"),
            HeadGain("attn_kv_a_norm", Part.LatentKeyValueNorm),
            LatentKeyValue("attn_kv_b"),
            WithoutRole("attn_k_b"),
            WithoutRole("attn_v_b"),
            .. Recurrent.Select(WithoutRole),
            HeadGain("attn_q_norm", Part.QueryNorm),
            HeadGain("attn_k_norm", Part.KeyNorm),
            Gain("attn_norm", Part.AttentionNorm),
            Gain("ffn_norm", Part.MlpNorm),
            Gain("post_attention_norm", Part.OtherNorm),
            WithoutRole("post_ffw_norm"),
            WithoutRole("attn_sinks"),
            Reads("ffn_gate", Part.Gate),
            Reads("ffn_up", Part.Up),
            Writes("ffn_down", Part.Down),
            Reads("ffn_gate_inp", Part.Router),
            Reads("ffn_gate_exps", Part.Gate).OfAllExperts(),
            Reads("ffn_up_exps", Part.Up).OfAllExperts(),
            Writes("ffn_down_exps", Part.Down).OfAllExperts(),
            FusedGateUp("ffn_gate_up_exps").OfAllExperts(),
            Reads("ffn_gate.{expert}", Part.Gate),
            Reads("ffn_up.{expert}", Part.Up),
            Writes("ffn_down.{expert}", Part.Down),
            Reads("ffn_gate_shexp", Part.Gate).OfSharedExpert(),
            Reads("ffn_up_shexp", Part.Up).OfSharedExpert(),
            Writes("ffn_down_shexp", Part.Down).OfSharedExpert(),
            Reads("ffn_gate_inp_shexp", Part.SharedExpertGate),
            WithoutRole("exp_probs_b"),
        ],
        [
            Reads("token_embd", Part.Embedding),
            Reads("position_embd", Part.PositionEmbedding),
            Reads("output", Part.Unembedding),
            Gain("output_norm", Part.FinalNorm),
        ]);
}
