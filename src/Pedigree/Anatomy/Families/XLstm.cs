using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>xLSTM 7B: matrix LSTMs, whose forget gates start in the order of their heads and have no role, and gated MLPs.</summary>
internal static class XLstm
{
    public static ModelFamily Family { get; } = new(
        "xlstm",
        [
            WithoutRole("mlstm_layer.q"),
            WithoutRole("mlstm_layer.k"),
            WithoutRole("mlstm_layer.v"),
            WithoutRole("mlstm_layer.ogate_preact"),
            WithoutRole("mlstm_layer.igate_preact"),
            WithoutRole("mlstm_layer.fgate_preact"),
            WithoutRole("mlstm_layer.multihead_norm"),
            WithoutRole("mlstm_layer.out_proj"),
            Gain("norm_mlstm", Part.AttentionNorm),
            Gain("norm_ffn", Part.MlpNorm).AsRequired(),
            Reads("ffn.proj_up_gate", Part.Gate),
            Reads("ffn.proj_up", Part.Up),
            Writes("ffn.proj_down", Part.Down),
        ],
        [
            Reads("embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("out_norm", Part.FinalNorm),
        ]);
}
