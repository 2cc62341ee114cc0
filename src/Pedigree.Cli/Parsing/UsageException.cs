namespace Pedigree.Cli.Parsing;

/// <summary>What the user asked for cannot be done as asked.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="hint">What to do instead; may be absent.</param>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
