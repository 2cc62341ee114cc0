using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>gpt-oss in BF16: stacked experts whose gate and up rows alternate, and attention sinks.</summary>
internal static class GptOss
{
    public static ModelFamily Family { get; } = new(
        "gpt-oss",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.Norms,
            InterleavedGateUp("mlp.experts.gate_up_proj").OfAllExperts(),
            Writes("mlp.experts.down_proj", Part.Down).OfAllExperts(),
            Reads("mlp.router", Part.Router),
            WithoutRole("self_attn.sinks").AsRequired(),
        ],
        CommonBlocks.Outside);
}
