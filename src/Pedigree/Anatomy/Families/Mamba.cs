using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Mamba: a channel of the state space is a unit like a neuron: a row of the input (up), a row of the gate, a column of the output. Mamba-2 packs more into its input and has a description of its own.</summary>
internal static class Mamba
{
    public static ModelFamily Family { get; } = new(
        "mamba",
        [
            FusedUpGate("mixer.in_proj").AsRequired(),
            Writes("mixer.out_proj", Part.Down),
            WithoutRole("mixer.conv1d"),
            WithoutRole("mixer.x_proj").AsRequired(),
            WithoutRole("mixer.dt_proj"),
            WithoutRole("mixer.A_log"),
            WithoutRole("mixer.D"),
            Gain("norm", Part.AttentionNorm),
        ],
        [
            Reads("embedding", Part.Embedding),
            Reads("embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm_f", Part.FinalNorm),
        ]);
}
