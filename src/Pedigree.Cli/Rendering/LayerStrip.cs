using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering;

/// <summary>Draws one cell a layer, darker the larger the share of its units that were hit.</summary>
internal static class LayerStrip
{
    private const int Run = 8;
    private static readonly double[] Steps = [0.05, 0.25, 0.5, 0.95];

    /// <summary>What the cells mean, in one sentence.</summary>
    public static string Legend(Glyphs glyphs) =>
        $"One cell a layer, by the share of its units that were hit: {glyphs.Shades[0]} under 5 %, {glyphs.Shades[1]} from 5 %, "
        + $"{glyphs.Shades[2]} from 25 %, {glyphs.Shades[3]} from 50 %, {glyphs.Shades[4]} from 95 %.";

    public static void Write(Page page, IReadOnlyList<LayerEvidence> layers)
    {
        var perLine = page.Width >= 110 ? 8 * Run : 6 * Run;
        for (var first = 0; first < layers.Count; first += perLine)
        {
            var part = layers.Skip(first).Take(perLine).ToArray();
            var cells = string.Join(' ', part.Chunk(Run).Select(run => string.Concat(run.Select(layer => Cell(layer, page.Glyphs)))));
            page.Field(Label(part, page.Glyphs), cells);
        }
    }

    /// <summary>The cell of a layer.</summary>
    public static char Cell(LayerEvidence layer, Glyphs glyphs)
    {
        var share = layer.Units > 0 ? (double)layer.Hits / layer.Units : 0;
        return glyphs.Shades[Steps.Count(step => share >= step)];
    }

    private static string Label(LayerEvidence[] part, Glyphs glyphs)
    {
        var (first, last) = (part[0].ReferenceLayer, part[^1].ReferenceLayer);
        return first < 0 ? "whole model" : first == last ? $"layer {first}" : $"layers {first}{glyphs.Range}{last}";
    }
}
