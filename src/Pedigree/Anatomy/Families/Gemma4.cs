using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Gemma 4: Gemma 3 with plain gains and a factor on each layer; small ones have embeddings of each layer, the mixture stacked experts beside the dense MLP. Layers of full attention have longer
/// heads than the others, and some use their keys as values.</summary>
internal static class Gemma4
{
    public static ModelFamily Family { get; } = new(
        "gemma4",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.NormsOnBothSides,
            WithoutRole("layer_scalar").AsRequired(),
            WithoutRole("per_layer_input_gate"),
            WithoutRole("per_layer_projection"),
            WithoutRole("post_per_layer_input_norm"),
            .. CommonBlocks.StackedMlp("experts"),
            .. CommonBlocks.StackedMlp("moe"),
            Reads("router.proj", Part.Router),
            WithoutRole("router.scale"),
            WithoutRole("router.per_expert_scale"),
            WithoutRole("moe.per_expert_scale"),
            Gain("pre_feedforward_layernorm_2", Part.OtherNorm),
            WithoutRole("post_feedforward_layernorm_1"),
            WithoutRole("post_feedforward_layernorm_2"),
        ],
        [
            .. CommonBlocks.Outside,
            WithoutRole("embed_tokens_per_layer"),
            WithoutRole("per_layer_model_projection"),
            WithoutRole("per_layer_projection_norm"),
        ]);
}
