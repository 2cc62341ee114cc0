using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>The names of GGUF files, which are the same for all architectures (tensor_mapping.py and constants.py of llama.cpp): separate or fused
/// attention, gated or plain MLPs, experts in one tensor or, in early files, numbered.</summary>
internal static class GgufNames
{
    public static ModelFamily Family { get; } = new(
        "gguf",
        [
            Reads("attn_q", Part.Query),
            Reads("attn_k", Part.Key),
            Reads("attn_v", Part.Value),
            FusedQueryKeyValue("attn_qkv"),
            Writes("attn_output", Part.AttentionOutput),
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
