using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Gemma 3n: attention and MLP of Gemma 3 (with plain gains), beside them a low-rank branch (laurel), the coefficients of several streams (altup) and embeddings of each layer.
/// Streams share their dimensions, so that permuting these changes nothing.</summary>
internal static class Gemma3n
{
    public static ModelFamily Family { get; } = new(
        "gemma3n",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.NormsOnBothSides,
            WithoutRole("laurel.linear_left").AsRequired(),
            WithoutRole("laurel.linear_right"),
            Gain("laurel.post_laurel_norm", Part.OtherNorm),
            WithoutRole("altup.correct_output_scale"),
            WithoutRole("altup.correction_coefs"),
            WithoutRole("altup.prediction_coefs"),
            WithoutRole("altup.modality_router"),
            WithoutRole("altup.router_norm"),
            WithoutRole("per_layer_input_gate"),
            WithoutRole("per_layer_projection"),
            WithoutRole("post_per_layer_input_norm"),
        ],
        [
            .. CommonBlocks.Outside,
            WithoutRole("embed_tokens_per_layer"),
            WithoutRole("per_layer_model_projection"),
            WithoutRole("per_layer_projection_norm"),
            WithoutRole("altup_projections.{expert}"),
            WithoutRole("altup_unembed_projections.{expert}"),
        ]);
}
