using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Hunyuan-Large and Hunyuan-A13B: routed experts, one shared expert; in Hunyuan-Large every other layer uses the keys and values of the
/// layer before; Hunyuan 3 has dense layers first. HunyuanImage 3 fuses attention by KV group and keeps up rows before gate rows.</summary>
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
            Reads("mlp.gate.wg", Part.Router),
            Reads("mlp.router.gate", Part.Router),
            Reads("mlp.expert", Part.Router),
            GroupedQueryKeyValue("self_attn.qkv_proj"),
            FusedUpGate("mlp.experts.{expert}.gate_and_up_proj"),
            FusedUpGate("mlp.shared_mlp.gate_and_up_proj").OfSharedExpert(),
        ],
        [
            .. CommonBlocks.Outside,
            Reads("wte", Part.Embedding),
            Gain("ln_f", Part.FinalNorm),
        ]);
}
