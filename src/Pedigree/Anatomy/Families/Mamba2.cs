using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Mamba-2: gate, values, keys, queries and step sizes in one matrix. Its channels are exchangeable only inside their head and with their head, which no test here
/// allows for, so they have no role: as neurons they would be convicted by a bound that does not hold for them. What is left is the order of residual dimensions.</summary>
internal static class Mamba2
{
    public static ModelFamily Family { get; } = new(
        "mamba2",
        [
            WithoutRole("mixer.in_proj"),
            WithoutRole("mixer.conv1d"),
            WithoutRole("mixer.dt").AsRequired(),
            WithoutRole("mixer.A_log"),
            WithoutRole("mixer.D"),
            WithoutRole("mixer.norm").AsRequired(),
            WithoutRole("mixer.out_proj"),
            Gain("norm", Part.AttentionNorm),
        ],
        [
            Reads("embedding", Part.Embedding),
            Reads("embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm_f", Part.FinalNorm),
        ]);
}
