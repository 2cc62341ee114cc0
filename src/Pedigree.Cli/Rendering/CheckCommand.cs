using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The command that makes a comparison again. What it prints must be equal to the report outside its member <c>run</c>.</summary>
internal static class CheckCommand
{
    public static string Of(ComparisonReport report)
    {
        var words = new List<string> { Product.Command, "compare", Quoted(report.Run.SuspectAddress) };
        words.AddRange(report.Run.ReferenceAddresses.Select(Quoted));
        if (report.Options.SeedGiven)
        {
            words.Add($"--seed 0x{report.Seed}");
        }

        // Said even where it is the default, which another version of the program may set otherwise.
        words.Add(report.Options.Full ? "--full" : $"--budget {report.Options.BudgetBytes}");
        if (report.Options.PublishedFirst is { } first)
        {
            words.Add($"--published-first {first}");
        }

        words.Add("--json");
        return string.Join(' ', words);
    }

    // As a POSIX shell reads it; a name of plain letters needs no quotes.
    private static string Quoted(string address) =>
        address.Length > 0 && address.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '/' or '_' or '-' or ':') && address[0] is not '-'
            ? address : $"'{address.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
