using System.CommandLine;
using Pedigree.Cli.Terminals;

namespace Pedigree.Cli.Commands;

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(StandardStreams Streams, Engine Engine)
{
    /// <summary>An option of every command.</summary>
    public Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Write each stage on the standard error, and the trace of an internal error.",
        Recursive = true,
    };
}
