using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The three tiers of evidence, each under its own title so that what carries the verdict is never taken for what describes.</summary>
internal static class EvidenceBlocks
{
    public static void Write(Page page, ComparisonResult result)
    {
        WriteExact(page, [.. result.Evidence.Where(item => item.Tier == Tier.Exact)]);
        WriteCalibrated(page, [.. result.Evidence.Where(item => item.Tier == Tier.Calibrated)], result.Controls);
        DescriptiveTables.Write(page, [.. result.Evidence.Where(item => item.Tier == Tier.Descriptive)], result.Components);
    }

    private static void WriteExact(Page page, IReadOnlyList<EvidenceItem> items)
    {
        page.Section("EXACT EVIDENCE", "carries the verdict");
        if (items.Count == 0)
        {
            page.Prose("No exact test applied to these two models.");
            return;
        }

        page.Prose("Each unit of the suspect is matched to the most similar unit of the reference. A hit is a match at the same index: "
            + "unrelated models give about one in each group, whatever its size.", tone: Tone.Quiet);
        if (items.Any(item => item.PerLayer.Count > 0))
        {
            page.Prose(LayerStrip.Legend(page.Glyphs), tone: Tone.Quiet);
        }

        foreach (var item in items)
        {
            WriteMatching(page, item);
        }
    }

    private static void WriteCalibrated(Page page, IReadOnlyList<EvidenceItem> items, IReadOnlyList<Control> controls)
    {
        page.Section("CALIBRATED EVIDENCE", "error rates from controls");
        if (items.Count == 0)
        {
            page.Prose("None in this version.");
        }

        foreach (var item in items)
        {
            WriteMatching(page, item);
        }

        if (controls.Count > 0)
        {
            page.Blank();
            page.Table(
                [PageColumn.Words("Control of the tests above"), PageColumn.Number("Result")],
                controls.Select(control => (IReadOnlyList<string>)[control.Text, Figures.ValueOr(control.Statistic, page.Glyphs.Absent)]));
        }
    }

    private static void WriteMatching(Page page, EvidenceItem item)
    {
        page.Blank();
        page.Line(Page.Margin, new Fragment(item.Test, Tone.Strong));
        page.Field("Observed", item.Statistic is { } statistic ? $"{Figures.Value(statistic)} {item.StatisticName}" : $"Not computed: {item.StatisticName}");
        page.Field("By chance", item.NullExpectation is { } expected ? $"{Figures.Value(expected)}: {item.Null}" : item.Null);
        if (item.PerLayer.Count > 0)
        {
            LayerStrip.Write(page, item.PerLayer);
        }

        if (item.Views.Count > 0)
        {
            page.Field("View by view", Views(item.Views));
        }

        if (item.Companion is { } companion)
        {
            page.Field("Content", Sentences.Companion(companion), companion.Passed ? Tone.Plain : Tone.Attention);
        }

        page.Field("Alone", item.Log10P is { } log10P ? $"This test by itself: a chance of {Sentences.Chance(log10P)}, before any correction." : "This test gave no probability.");
        if (item.Note.Length > 0)
        {
            page.Field("Note", item.Note, Tone.Quiet);
        }
    }

    private static string Views(IReadOnlyList<ViewEvidence> views) =>
        views.All(view => view.Units == views[0].Units)
            ? $"{string.Join(", ", views.Select(view => $"{view.View} {Figures.Count(view.Hits)}"))} hits of {Figures.Count(views[0].Units)}"
            : string.Join(", ", views.Select(view => $"{view.View} {Figures.Count(view.Hits)} hits of {Figures.Count(view.Units)}"));
}
