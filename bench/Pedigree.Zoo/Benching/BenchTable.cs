using System.Globalization;
using System.Text;

namespace Pedigree.Zoo.Benching;

/// <summary>The outcome of a bench as tables in Markdown.</summary>
internal static class BenchTable
{
    /// <summary>A summary, the table by truth and kind, and every pair that went wrong.</summary>
    public static string Markdown(string zoo, IReadOnlyList<PairResult> results)
    {
        var text = new StringBuilder();
        var accused = results.Where(result => result.Outcome == Outcome.FalselyAccused).ToArray();
        text.AppendLine(CultureInfo.InvariantCulture, $"# The {zoo} zoo: {results.Count} pairs").AppendLine();
        text.AppendLine(accused.Length == 0
            ? $"**No unrelated pair was accused** ({results.Count(result => result.Tie == Tie.Unrelated)} unrelated pairs)."
            : $"**{accused.Length} UNRELATED PAIRS WERE ACCUSED**: {string.Join("; ", accused.Select(Pair))}.").AppendLine();
        var abstained = results.Count(result => result.Outcome == Outcome.Abstained);
        text.AppendLine(CultureInfo.InvariantCulture, $"Abstained: {abstained} of {results.Count} ({100.0 * abstained / Math.Max(1, results.Count):f1} %). Median time of a pair: {Median(results):f2} s.").AppendLine();
        foreach (var tie in Enum.GetValues<Tie>())
        {
            Table(text, tie, [.. results.Where(result => result.Tie == tie)]);
        }

        Maps(text, [.. results.Where(result => result.LayersRight is not null)]);
        Wrong(text, results);
        return text.ToString();
    }

    private static void Table(StringBuilder text, Tie tie, PairResult[] results)
    {
        if (results.Length == 0)
        {
            return;
        }

        text.AppendLine($"## {(tie switch { Tie.Lineage => "Shared trained parameters", Tie.SameStart => "Same start, trained apart", _ => "Unrelated" })}").AppendLine();
        var wrong = tie == Tie.Unrelated ? "accused" : "missed";
        text.AppendLine($"| kind of suspect | pairs | right | {wrong} | misjudged | abstained | median log10 p |").AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var group in results.GroupBy(result => result.Kind, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Append(results.GroupBy(_ => "all").Single()))
        {
            int Count(Outcome outcome) => group.Count(result => result.Outcome == outcome);
            var logs = group.Where(result => result.Log10P is not null).Select(result => result.Log10P!.Value).Order().ToArray();
            var median = logs.Length == 0 ? "" : logs[logs.Length / 2].ToString("f1", CultureInfo.InvariantCulture);
            text.AppendLine($"| {group.Key} | {group.Count()} | {Count(Outcome.Right)} | {Count(Outcome.Missed) + Count(Outcome.FalselyAccused)} | {Count(Outcome.Misjudged)} | {Count(Outcome.Abstained)} | {median} |");
        }

        text.AppendLine();
    }

    private static void Maps(StringBuilder text, PairResult[] results)
    {
        if (results.Length > 0)
        {
            text.AppendLine($"Layers whose origin was named rightly, over {results.Length} found pairs of child and ancestor: {results.Sum(result => result.LayersRight)} of {results.Sum(result => result.Layers)}.").AppendLine();
        }
    }

    private static void Wrong(StringBuilder text, IReadOnlyList<PairResult> results)
    {
        var wrong = results.Where(result => result.Outcome is Outcome.FalselyAccused or Outcome.Missed or Outcome.Misjudged)
            .OrderByDescending(result => result.Outcome).ThenBy(result => result.Kind, StringComparer.Ordinal).ToArray();
        if (wrong.Length == 0)
        {
            return;
        }

        text.AppendLine("## Every pair that went wrong").AppendLine();
        text.AppendLine("| suspect | kind | outcome | verdict: against references |").AppendLine("| --- | --- | --- | --- |");
        foreach (var group in wrong.GroupBy(result => (result.Suspect, result.Kind, result.Outcome, result.Relation)))
        {
            text.AppendLine($"| {group.Key.Suspect} | {group.Key.Kind} | {Words(group.Key.Outcome)} | {group.Key.Relation}: {string.Join(", ", group.Select(result => result.Reference))} |");
        }

        text.AppendLine();
    }

    private static string Words(Outcome outcome) => outcome == Outcome.FalselyAccused ? "**FALSELY ACCUSED**" : outcome.ToString().ToLowerInvariant();

    private static string Pair(PairResult result) => $"{result.Suspect} against {result.Reference} ({result.Relation})";

    private static double Median(IReadOnlyList<PairResult> results) => results.Count == 0 ? 0 : results.Select(result => result.Seconds).Order().ElementAt(results.Count / 2);
}
