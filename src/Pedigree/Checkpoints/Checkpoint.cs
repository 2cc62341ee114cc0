namespace Pedigree.Checkpoints;

/// <summary>Opens checkpoints, whatever their format.</summary>
public static class Checkpoint
{
    /// <summary>Opens a file or folder. Not available yet.</summary>
    /// <param name="path">Path of a weight file, or of a folder that holds them.</param>
    /// <exception cref="CheckpointException">Always, for now.</exception>
    public static ITensorSource Open(string path) =>
        throw new CheckpointException("Opening checkpoints is not built into this version yet.", path);
}
