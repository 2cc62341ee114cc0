namespace Pedigree.Checkpoints;

/// <summary>A checkpoint cannot be read. The message names the file, the tensor where there is one, and what is wrong; <see cref="Hint"/> is the way out.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="file">The file concerned.</param>
/// <param name="tensor">The tensor concerned, if the fault lies in one.</param>
/// <param name="hint">What the user can do, as a sentence; may be absent.</param>
/// <param name="inner">The cause, if another exception led here.</param>
public sealed class CheckpointException(string message, string file, string? tensor = null, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The file concerned.</summary>
    public string File { get; } = file;

    /// <summary>The tensor concerned, or null.</summary>
    public string? Tensor { get; } = tensor;

    /// <summary>What the user can do, or null.</summary>
    public string? Hint { get; } = hint;
}
