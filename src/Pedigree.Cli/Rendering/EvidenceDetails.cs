using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>Everything that a report holds on each test of matching, for <c>--details</c>.</summary>
internal static class EvidenceDetails
{
    public static void Write(IPage page, IReadOnlyList<EvidenceItem> items, IReadOnlyList<Control> controls)
    {
        foreach (var item in items)
        {
            page.Blank();
            page.Heading(TestNames.Of(item.Test), item.Test);
            page.Field("Observed", item.Statistic is { } statistic ? $"{Figures.Value(statistic)} {item.StatisticName}" : $"Not computed: {item.StatisticName}");
            page.Field("By chance", item.Null);
            page.Field("Layers", string.Join("; ", item.PerLayer.Select(layer => Describe(layer, page.Glyphs))));
            page.Field("Views", string.Join(", ", item.Views.Select(view => $"{view.View} {Figures.Count(view.Hits)} of {Figures.Count(view.Units)}")));
            if (item.Companion is { } companion)
            {
                page.Field("Content", Sentences.Companion(companion));
            }

            foreach (var control in controls.Where(control => BelongsTo(control, item.Test)))
            {
                page.Field("Control", $"{control.Text} Result: {Figures.MeasureOr(control.Statistic, page.Glyphs.Absent)}.");
            }

            page.Field("Alone", item.Log10P is { } log10P ? $"log10 p = {Figures.Log10(log10P)}, a chance of {Sentences.Chance(log10P)}, before any correction." : "This test gave no probability.");
            page.Field("Read", $"{Figures.Bytes(item.BytesRead)} for this test, both models together.");
            if (item.Note.Length > 0)
            {
                page.Field("Note", item.Note);
            }
        }
    }

    /// <summary>Whether a control was run for a test: its identifier then begins with the test's.</summary>
    public static bool BelongsTo(Control control, string test) => control.Id.StartsWith($"{test}/", StringComparison.Ordinal);

    private static string Describe(LayerEvidence layer, Glyphs glyphs)
    {
        var place = layer.ReferenceLayer < 0 ? "whole model"
            : layer.SuspectLayer == layer.ReferenceLayer ? $"{layer.ReferenceLayer}"
            : $"{layer.SuspectLayer} from {layer.ReferenceLayer}";
        return $"{place}: {Figures.Count(layer.Hits)} of {Figures.Count(layer.Units)}, cosine {Figures.MeasureOr(layer.MeanCosine, glyphs.Absent)}";
    }
}
