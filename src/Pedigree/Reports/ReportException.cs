namespace Pedigree.Reports;

/// <summary>A report cannot be read. The message says what is wrong with it; <see cref="Hint"/> is the way out.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="hint">What the user can do, as a sentence; may be absent.</param>
/// <param name="inner">The cause, if another exception led here.</param>
public sealed class ReportException(string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the user can do, or null.</summary>
    public string? Hint { get; } = hint;
}
