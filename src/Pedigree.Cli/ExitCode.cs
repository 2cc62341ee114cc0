using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli;

/// <summary>What the program returns to its caller. The numbers are part of its interface and do not change; see docs/exit-codes.md.</summary>
internal enum ExitCode
{
    /// <summary>The work is done; a comparison found nothing above its detection limit.</summary>
    NothingFound = 0,

    /// <summary>A comparison found that something is shared with at least one reference.</summary>
    Found = 1,

    /// <summary>Nothing was found, and for at least one reference no test applied.</summary>
    CannotTell = 2,

    /// <summary>The command line cannot be understood, or the output file that it names cannot be written.</summary>
    BadUsage = 3,

    /// <summary>A model or report cannot be read.</summary>
    UnreadableInput = 4,

    /// <summary>The program is at fault.</summary>
    InternalError = 5,

    /// <summary>The user stopped the work.</summary>
    Cancelled = 130,
}

internal static class ExitCodes
{
    /// <summary>The lines that help prints; the same words stand in docs/exit-codes.md.</summary>
    public static readonly IReadOnlyList<(ExitCode Code, string Meaning)> Meanings =
    [
        (ExitCode.NothingFound, "nothing found, or the work of another command is done"),
        (ExitCode.Found, "found: identical, derived, related or shared initialisation"),
        (ExitCode.CannotTell, "cannot tell: no test applied to at least one reference"),
        (ExitCode.BadUsage, "the command line cannot be used as it is"),
        (ExitCode.UnreadableInput, "a model or report cannot be read"),
        (ExitCode.InternalError, "internal error"),
        (ExitCode.Cancelled, "cancelled"),
    ];

    /// <summary>The outcome over all references: what was found wins over what cannot be told, and that over nothing.</summary>
    public static ExitCode Of(ComparisonReport report) =>
        report.Results.Any(result => Relations.IsFound(result.Verdict.Relation)) ? ExitCode.Found
        : report.Results.Any(result => result.Verdict.Relation is Relations.CannotTell) ? ExitCode.CannotTell
        : ExitCode.NothingFound;
}
