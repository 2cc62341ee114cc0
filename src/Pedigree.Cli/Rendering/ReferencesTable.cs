using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>One line for each of several references, with what it means to have asked about several.</summary>
internal static class ReferencesTable
{
    public static void Write(IPage page, ComparisonReport report)
    {
        page.Opening($"One suspect, {report.Results.Count} references");
        page.Field("Suspect", report.Run.SuspectAddress);
        page.Blank();
        page.Table(
            [PageColumn.Number("#"), PageColumn.Words("Reference"), PageColumn.Name("Verdict"), PageColumn.Name("Direction"), PageColumn.Name("Chance if nothing was inherited")],
            report.Results.Select((result, index) => (IReadOnlyList<string>)
            [
                $"{index + 1}",
                report.Run.ReferenceAddresses[index],
                result.Verdict.Relation.Replace('-', ' '),
                result.Verdict.Direction is Directions.NotApplicable ? page.Glyphs.Absent : result.Verdict.Direction.Replace('-', ' '),
                result.Verdict.Log10P is { } log10P ? Sentences.Chance(log10P) : "no test applied",
            ]));
        page.Blank();
        var tested = report.Results.Count(result => result.Verdict.Log10P is not null);
        if (tested > 1)
        {
            page.Prose($"The chances are corrected for the {tested} references that could be tested (Holm): the smallest counts {tested} times, the next "
                + "once less, and so on. So asking about many references makes no wrong accusation more likely.", Tone.Quiet);
        }
    }
}
