using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering;

/// <summary>Draws one cell a layer, darker the larger the share of its units that were hit.</summary>
internal static class LayerStrip
{
    private const int Run = 8;
    private const int RunsInLine = 6;
    private static readonly double[] Steps = [0.05, 0.25, 0.5, 0.95];

    /// <summary>What the cells mean.</summary>
    public static string Legend(Glyphs glyphs) =>
        $"share of units hit: {glyphs.Shades[0]} under 5 %, {glyphs.Shades[1]} from 5 %, "
        + $"{glyphs.Shades[2]} from 25 %, {glyphs.Shades[3]} from 50 %, {glyphs.Shades[4]} from 95 %";

    /// <summary>The strips of all tests that have layers, side by side where they fit one line, with their legend.</summary>
    public static void WriteAll(Page page, IReadOnlyList<EvidenceItem> items)
    {
        var layered = items.Where(item => item.PerLayer.Any(layer => layer.ReferenceLayer >= 0)).ToArray();
        if (layered.Length == 0)
        {
            return;
        }

        var first = layered[0].PerLayer;
        var strips = layered.Select(item => (Name: TestNames.Of(item.Test), Cells: Cells(item.PerLayer, page.Glyphs))).ToArray();
        var together = string.Join("   ", strips.Select(strip => $"{strip.Name} {strip.Cells}"));
        if (layered.All(item => SameLayers(item.PerLayer, first)) && TextWrap.Cells(together) <= page.ProseWidth - 16)
        {
            page.Field(Label(first, page.Glyphs), together);
        }
        else
        {
            var width = layered.Max(item => TestNames.Of(item.Test).Length) + 2;
            foreach (var item in layered)
            {
                Write(page, TestNames.Of(item.Test), item.PerLayer, width);
            }
        }

        page.Field("", Legend(page.Glyphs) + ".", Tone.Quiet);
    }

    /// <summary>The strip of one test, on as many lines as it needs.</summary>
    public static void Write(Page page, string name, IReadOnlyList<LayerEvidence> layers, int nameWidth)
    {
        var perLine = Math.Clamp((page.ProseWidth - Page.Margin - nameWidth - 12) / (Run + 1), 1, RunsInLine) * Run;
        for (var first = 0; first < layers.Count; first += perLine)
        {
            var part = layers.Skip(first).Take(perLine).ToArray();
            page.Line(Page.Margin, new Fragment((first == 0 ? name : "").PadRight(nameWidth)),
                new Fragment(Label(part, page.Glyphs).PadRight(12), Tone.Quiet), Cells(part, page.Glyphs));
        }
    }

    /// <summary>The cell of a layer.</summary>
    public static char Cell(LayerEvidence layer, Glyphs glyphs)
    {
        var share = layer.Units > 0 ? (double)layer.Hits / layer.Units : 0;
        return glyphs.Shades[Steps.Count(step => share >= step)];
    }

    private static string Cells(IReadOnlyList<LayerEvidence> layers, Glyphs glyphs) =>
        string.Join(' ', layers.Chunk(Run).Select(run => string.Concat(run.Select(layer => Cell(layer, glyphs)))));

    private static bool SameLayers(IReadOnlyList<LayerEvidence> one, IReadOnlyList<LayerEvidence> other) =>
        one.Select(layer => layer.ReferenceLayer).SequenceEqual(other.Select(layer => layer.ReferenceLayer));

    private static string Label(IReadOnlyList<LayerEvidence> part, Glyphs glyphs)
    {
        var (first, last) = (part[0].ReferenceLayer, part[^1].ReferenceLayer);
        return first < 0 ? "whole model" : first == last ? $"layer {first}" : $"layers {first}{glyphs.Range}{last}";
    }
}
