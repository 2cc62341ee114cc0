using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Hunyuan-Large and Hunyuan-A13B: routed experts, one shared expert; in Hunyuan-Large every other layer uses the keys and values of the layer before.</summary>
internal static class HunyuanMoe
{
    public static ModelFamily Family { get; } = new(
        "hunyuan-moe",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            .. CommonBlocks.SharedExpert("mlp.shared_mlp"),
            Reads("mlp.gate.wg", Part.Router).AsRequired(),
        ],
        CommonBlocks.Outside);
}
