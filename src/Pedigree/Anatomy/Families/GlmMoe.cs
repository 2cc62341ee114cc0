using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>GLM-4.5, DeepSeek-MoE, dots, ERNIE 4.5 and K-EXAONE: plain attention, routed experts and shared experts after a dense layer.</summary>
internal static class GlmMoe
{
    public static ModelFamily Family { get; } = new(
        "glm-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_experts").Select(pattern => pattern.AsRequired()),
            Reads("mlp.gate", Part.Router).AsRequired(),
            Reads("mlp.gate.e_score_correction", Part.Router),
            Reads("mlp.e_score_correction", Part.Router),
            Reads("mlp.moe_statics.e_score_correction", Part.Router),
            .. CommonBlocks.TokenPrediction,
        ],
        CommonBlocks.Outside);
}
