using Pedigree.Lineage;
using Pedigree.Reports;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The page of a comparison: for each reference the verdict and what it rests on, then the assumptions, the models and the run.</summary>
internal static class ComparisonPage
{
    /// <summary>Writes the page to a console.</summary>
    /// <param name="console">Receives it.</param>
    /// <param name="report">The report.</param>
    /// <param name="details">Whether everything is printed that can be read as text, instead of what a reader needs first.</param>
    public static void Write(IAnsiConsole console, ComparisonReport report, bool details = false) => Write(new Page(console), report, details);

    /// <summary>Writes the page.</summary>
    public static void Write(IPage page, ComparisonReport report, bool details)
    {
        if (report.Results.Count > 1)
        {
            ReferencesTable.Write(page, report);
            page.Prose("Descriptive evidence, which carries no verdict, is left to `--details` where there are several references.", Tone.Quiet);
        }

        for (var index = 0; index < report.Results.Count; index++)
        {
            WriteResult(page, report, index, details);
        }

        AssumptionList.Write(page, [.. report.Results.Select(result => result.Assumptions)], details);
        ModelsAndRun.Write(page, report);
    }

    /// <summary>The word of a verdict, as it stands above its sentence.</summary>
    public static string Word(string relation) => relation.Replace('-', ' ').ToUpperInvariant();

    private static void WriteResult(IPage page, ComparisonReport report, int index, bool details)
    {
        var result = report.Results[index];
        var count = report.Results.Count;
        if (count > 1)
        {
            page.Blank();
            page.Blank();
        }

        page.Opening(count == 1 ? "Was the suspect made from the reference?" : $"Reference {index + 1} of {count}: was the suspect made from it?");
        page.Field("Suspect", report.Run.SuspectAddress);
        page.Field("Reference", report.Run.ReferenceAddresses[index]);
        page.Blank();
        VerdictBlock.Write(page, report, result);
        ExactBlock.Write(page, result, details);
        CalibratedBlock.Write(page, result, details);
        if (count == 1 || details)
        {
            DescriptiveBlock.Write(page, result, details);
        }
    }
}
