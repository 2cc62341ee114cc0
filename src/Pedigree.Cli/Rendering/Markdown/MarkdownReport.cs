using System.Text;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering.Markdown;

/// <summary>Reports as Markdown, for issue threads and model cards. The same report gives the same bytes.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes a comparison.</summary>
    public static void Write(Stream destination, ComparisonReport report)
    {
        var text = new StringBuilder();
        var page = new MarkdownPage(text);
        if (report.Results.Count > 1)
        {
            ReferencesTable.Write(page, report);
        }

        for (var index = 0; index < report.Results.Count; index++)
        {
            Write(page, report, index);
        }

        AssumptionList.Write(page, [.. report.Results.Select(result => result.Assumptions)], details: false);
        ModelsAndRun.Write(page, report);
        page.Prose("To check it, run this on the same files; everything but the member `run` must come out the same:");
        page.Command(CheckCommand.Of(report));
        destination.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Writes an inspection.</summary>
    public static void Write(Stream destination, InspectionReport report)
    {
        var text = new StringBuilder();
        InspectionPage.Write(new MarkdownPage(text), report);
        destination.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Write(MarkdownPage page, ComparisonReport report, int index)
    {
        var result = report.Results[index];
        var verdict = result.Verdict;
        page.Opening(string.Concat(PlainWords.Sentence(report, index).Select(piece => piece.Text)));
        page.Verdict(ComparisonPage.Word(verdict.Relation), verdict.Reason?.Replace('-', ' ') ?? "", Relations.IsFound(verdict.Relation));
        page.Field("Strength", $"{PlainWords.StrengthWord(verdict)}. {string.Join(' ', PlainWords.Strength(report, index))}");
        foreach (var (label, lines) in ((string, IReadOnlyList<string>)[])[("Does not say", PlainWords.DoesNotSay(verdict)), ("Inherited", InheritanceWords.Of(report, index)), ("Would settle the rest", verdict.Settles)])
        {
            for (var line = 0; line < lines.Count; line++)
            {
                page.Field(line == 0 ? label : "", lines[line]);
            }
        }

        page.Prose(verdict.Headline);
        page.Field("Limit", Sentences.DetectionLimit(verdict.DetectionLimit));
        page.Field("Direction", Sentences.Direction(verdict, report.Options.PublishedFirst));
        ExactBlock.Write(page, result, details: false);
        CalibratedBlock.Write(page, result, details: false);
        DescriptiveBlock.Write(page, result, details: false);
    }
}
