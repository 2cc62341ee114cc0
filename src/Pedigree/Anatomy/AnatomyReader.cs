using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Finds out what each tensor of a checkpoint is for.</summary>
public static class AnatomyReader
{
    /// <summary>Reads the anatomy of a model. Not available yet.</summary>
    /// <param name="source">The opened checkpoint.</param>
    /// <exception cref="NotSupportedException">Always, for now.</exception>
    public static ModelAnatomy Read(ITensorSource source) =>
        throw new NotSupportedException("Reading the anatomy of a model is not built into this version yet.");
}
