using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>The page of a comparison: for each reference the verdict in a sentence, what it rests on as pictures and as numbers beside their nulls, then assumptions and exhibits.
/// Made from the report alone: the same report gives the same bytes.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="destination">Receives it; stays open.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream destination, ComparisonReport report)
    {
        using var json = new MemoryStream();
        ReportJson.Write(json, report);
        var several = report.Results.Count > 1;
        var main = Element.Of("main").With("id", "verdict").With("tabindex", "-1");
        if (several)
        {
            main.Add(Element.Of("header",
                Element.Of("p", "One suspect, several references").Class("kicker"),
                Element.Of("h1", "Where does ", Name(PlainWords.Names(report.Run, 0).Suspect), $" come from? Compared with {Figures.Plural(report.Results.Count, "model")}")).Class("verdict"));
            ReferencesTable.Write(new HtmlPage(main, 3), report);
        }

        for (var index = 0; index < report.Results.Count; index++)
        {
            main.Add(Article(report, index, several));
        }

        var assumptions = Element.Of("section").With("id", "assumptions");
        AssumptionList.Write(new HtmlPage(assumptions, 2), [.. report.Results.Select(result => result.Assumptions)], details: false);
        main.Add(assumptions, MethodLimits.Of(), Exhibits.Of(report, json.GetBuffer().AsSpan(0, (int)json.Length)));
        var (suspect, reference) = PlainWords.Names(report.Run, 0);
        HtmlDocument.Write(
            destination, several ? $"Where does {suspect} come from? Pedigree report" : $"Was {suspect} made from {reference}? Pedigree report",
            Element.Of("body",
                Element.Of("a", "Skip to the verdict").With("href", "#verdict").Class("skip"),
                Element.Of("header", Element.Of("p", Element.Of("b", "PEDIGREE"), " report on where a model’s weights come from"), Element.Of("p", Date(report.Run.StartedAt))).Class("masthead"),
                main,
                Element.Of("footer", Element.Of("p", "This page is one file. It loads nothing, sends nothing and runs no script. Its figures are drawn from the report that it holds, and another run of the program can check them.")).Class("foot")),
            json.GetBuffer().AsMemory(0, (int)json.Length));
    }

    // What is no date is shown as it stands.
    private static string Date(string text) => DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) : PlainWords.Shortened(text);

    /// <summary>A name from a file, kept apart from the direction in which the page is written.</summary>
    public static Element Name(string name) => Element.Of("bdi", name);

    // What a statistician asks for and nobody else: folded on the screen.
    private static Element Everything(ComparisonResult result, int level)
    {
        var all = Element.Of("details", Element.Of("summary", "Every figure, test by test")).Class("long");
        EvidenceDetails.Write(new HtmlPage(all, level), [.. result.Evidence.Where(item => item.Tier != Tier.Descriptive && item.Statistic is not null)], []);
        var page = new HtmlPage(all, level);
        if (result.Controls.Count > 0)
        {
            page.Section("CONTROLS", "what the same tests give on something that cannot be related");
            page.Table([PageColumn.Words("Control"), PageColumn.Number("Result")], result.Controls.Select(control => (IReadOnlyList<string>)[control.Text, Figures.MeasureOr(control.Statistic, "–")]));
        }

        DescriptiveBlock.Write(page, result, details: true);
        return all;
    }

    private static Element Article(ComparisonReport report, int index, bool several)
    {
        var result = report.Results[index];
        var id = $"r{index + 1}";
        var article = Element.Of("article", [VerdictHead.Of(report, index, several), .. VerdictHead.Around(report, index, several ? 3 : 2)]);
        foreach (var figure in (Element?[])
        [
            SeatPlot.Of($"{id}-seats", report, index),
            HitStrips.Of($"{id}-layers", result.Evidence),
            LayerFlow.Of($"{id}-map", report, index),
            OldScore.Of($"{id}-score", result),
        ])
        {
            article.Add(figure);
        }

        var numbers = Element.Of("section");
        var page = new HtmlPage(numbers, several ? 3 : 2);
        ExactBlock.Write(page, result, details: false);
        CalibratedBlock.Write(page, result, details: false);
        DescriptiveBlock.Write(page, result, details: false);
        return article.Add(numbers, Everything(result, several ? 3 : 2));
    }
}
