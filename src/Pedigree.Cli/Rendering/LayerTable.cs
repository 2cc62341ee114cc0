using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The table of <c>pedigree inspect --layers</c>; a column without any figure is left out.</summary>
internal static class LayerTable
{
    public static void Write(IPage page, IReadOnlyList<LayerFigures> layers)
    {
        if (layers.Count == 0)
        {
            return;
        }

        page.Section("LAYERS", "norm gains by their mean, biases by their largest value");
        (string Title, Func<LayerFigures, string?> Cell)[] columns =
        [
            ("Layer", layer => Figures.Count(layer.Layer)),
            ("Parameters", layer => Figures.Count(layer.Parameters)),
            ("Experts", layer => layer.Experts > 0 ? Figures.Count(layer.Experts) : null),
            ("Attention gain", layer => Number(layer.AttentionGain)),
            ("MLP gain", layer => Number(layer.MlpGain)),
            ("Largest bias", layer => Number(layer.LargestBias)),
            ("Bias spike", layer => Number(layer.BiasSpike)),
            ("Attention deviation", layer => Number(layer.AttentionDeviation)),
            ("MLP deviation", layer => Number(layer.MlpDeviation)),
            ("Smallest", layer => Number(layer.Minimum)),
            ("Largest", layer => Number(layer.Maximum)),
            ("Zeros", layer => layer.ZeroShare is { } share ? Figures.Percent(share) : null),
        ];
        var shown = columns.Where(column => layers.Any(layer => column.Cell(layer) is not null)).ToArray();
        page.Table(
            [.. shown.Select(column => PageColumn.Number(column.Title))],
            layers.Select(layer => (IReadOnlyList<string>)[.. shown.Select(column => column.Cell(layer) ?? page.Glyphs.Absent)]));
    }

    private static string? Number(double? value) => value is { } known ? Figures.Compact(known) : null;
}
