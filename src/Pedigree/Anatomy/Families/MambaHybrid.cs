using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Jamba, Bamba and Falcon-H1: layers of Mamba and of attention, or both side by side behind one norm; dense MLPs or numbered experts.</summary>
internal static class MambaHybrid
{
    public static ModelFamily Family { get; } = new(
        "mamba-hybrid",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.StateSpace("mamba"),
            .. CommonBlocks.GatedMlp("feed_forward"),
            .. CommonBlocks.GatedMlp("feed_forward.experts.{expert}"),
            Reads("feed_forward.router", Part.Router),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("pre_ff_layernorm", Part.MlpNorm).AsRequired(),
        ],
        [
            .. CommonBlocks.Outside,
            Gain("final_layernorm", Part.FinalNorm),
        ]);
}
