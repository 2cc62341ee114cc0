using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The tier whose probabilities are exact: one row a test, the hits of every layer as a strip, the hits of every view.</summary>
internal static class ExactBlock
{
    public static void Write(IPage page, ComparisonResult result, bool details)
    {
        EvidenceItem[] items = [.. result.Evidence.Where(item => item.Tier == Tier.Exact)];
        EvidenceItem[] made = [.. items.Where(item => item.Statistic is not null)];
        page.Section("EXACT EVIDENCE", result.Verdict.Tier is "calibrated" ? "probabilities that hold without assumptions on the suspect" : "carries the verdict");
        if (made.Length == 0)
        {
            page.Prose("No exact test applied to these two models.");
        }
        else
        {
            page.Prose("A hit is a unit whose most similar unit in the other model has the same seat (index): about one a group by chance. The mean "
                + "cosine of hits must exceed what reordering could reach.", Tone.Quiet);
            WriteTable(page, made);
            page.Strips(made);
            WriteViews(page, made);
        }

        foreach (var reason in items.Where(item => item.Statistic is null).GroupBy(item => item.Note.Length > 0 ? item.Note : item.Null, StringComparer.Ordinal))
        {
            page.Field("Not run", $"{TestNames.Of([.. reason.Select(item => item.Test)])}: {reason.Key.TrimEnd('.')}.");
        }

        if (details)
        {
            EvidenceDetails.Write(page, made, result.Controls);
        }
    }

    private static void WriteTable(IPage page, EvidenceItem[] items) => page.Table(
        [
            PageColumn.Words("Units compared"), PageColumn.Number("In the same seat"), PageColumn.Number("By chance"),
            PageColumn.Number("Cosine, reordering"), PageColumn.Number("log10 p alone"),
        ],
        items.Select(item => (IReadOnlyList<string>)
        [
            TestNames.Of(item.Test),
            Hits(item),
            item.NullExpectation is { } expected ? Figures.Value(expected) : page.Glyphs.Absent,
            item.Companion is { } companion ? Sentences.Against(companion) : page.Glyphs.Absent,
            item.Log10P is { } log10P ? Figures.Log10(log10P) : page.Glyphs.Absent,
        ]));

    private static string Hits(EvidenceItem item)
    {
        var hits = Figures.Value(item.Statistic!.Value);
        return item.PerLayer.Count == 0 ? hits : $"{hits} of {Figures.Count(item.PerLayer.Sum(layer => (long)layer.Units))}";
    }

    // A test with one view has shown its hits already.
    private static void WriteViews(IPage page, EvidenceItem[] items)
    {
        var views = items.Where(item => item.Views.Count > 1)
            .Select(item => $"{TestNames.Of(item.Test)}: {string.Join(", ", item.Views.Select(view => $"{view.View} {Figures.Count(view.Hits)}"))}").ToArray();
        if (views.Length > 0)
        {
            page.Field("View alone", $"{string.Join("; ", views)}.");
        }
    }
}
