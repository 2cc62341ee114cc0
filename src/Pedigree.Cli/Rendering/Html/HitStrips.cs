using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>One cell a layer, filled as high as the share of its units that were hit; one strip a test.</summary>
internal static class HitStrips
{
    private const double CellHeight = 26;
    private const double LineHeight = 46;
    private const double Gap = 3;

    /// <summary>The figure; null when no test has layers.</summary>
    public static Element? Of(string id, IReadOnlyList<EvidenceItem> items)
    {
        var layered = Layered(items);
        return layered.Length == 0 ? null : Figure.Of(id, "Layer by layer",
            [Element.Of("p", "Each cell is a layer, filled as high as the share of its units that stand in the same seat, or that two views agree on. The line is what luck gives: where a layer has two units only, that is half. A pale filling is order without content: it counts for nothing.")],
            Drawings(id, layered), "",
            Figure.Table("Hits by layer",
                [PageColumn.Words("Units"), PageColumn.Number("Layer"), PageColumn.Number("Compared"), PageColumn.Number("Hits"), PageColumn.Number("Share")],
                layered.SelectMany(item => item.PerLayer.Select(layer => (IReadOnlyList<string>)
                    [TestNames.Of(item.Test), layer.SuspectLayer == layer.ReferenceLayer ? $"{layer.ReferenceLayer}" : layer.ReferenceLayer < 0 ? $"{layer.SuspectLayer} against none" : $"{layer.SuspectLayer} against {layer.ReferenceLayer}", Figures.Count(layer.Units), Figures.Count(layer.Hits), layer.Units > 0 ? Figures.Percent((double)layer.Hits / layer.Units) : "–"]))));
    }

    /// <summary>Tests that have layers.</summary>
    public static EvidenceItem[] Layered(IReadOnlyList<EvidenceItem> items) =>
        [.. items.Where(item => item.Tier != Tier.Descriptive && item.Statistic is not null && item.PerLayer.Any(layer => layer.ReferenceLayer >= 0))];

    // The calibrated test has one entry a layer of the suspect, the others one a layer of the reference.
    private static int Number(EvidenceItem item, LayerEvidence layer) => item.Tier == Tier.Calibrated ? layer.SuspectLayer : layer.ReferenceLayer;

    private static IEnumerable<Node> Drawings(string id, EvidenceItem[] items) => items.Select((item, number) =>
        Figure.Panel($"{TestNames.Of(item.Test)[..1].ToUpperInvariant()}{TestNames.Of(item.Test)[1..]}", Strip($"{id}-{number}", item), Element.Of("p", Words(item))));

    private static string Words(EvidenceItem item) => item.Tier == Tier.Calibrated
        ? $"{Share(item.Statistic)} in a quarter of the layers or more; controls give {Share(item.NullExpectation)}."
        : $"{Figures.MeasureOr(item.Statistic, "–")} of {Figures.Count(item.PerLayer.Sum(layer => (long)layer.Units))}; luck gives {Figures.MeasureOr(item.NullExpectation, "about one a layer")}{(item.Companion is { Passed: false } ? "; their content does not agree" : "")}.";

    // What is no share is a count.
    private static string Share(double? value) => value is { } known ? known is >= 0 and <= 1 ? Figures.Percent(known) : Figures.Measure(known) : "–";

    // The expected hits of a test are spread evenly over its layers; a calibrated test states a share.
    private static double? Luck(EvidenceItem item, LayerEvidence layer) => item.NullExpectation is not { } expected || layer.Units == 0 ? null
        : Math.Min(1, item.Tier == Tier.Calibrated ? (expected <= 1 ? expected : expected / layer.Units) : expected / item.PerLayer.Count / layer.Units);

    private static Element Strip(string id, EvidenceItem item)
    {
        var layers = item.PerLayer;
        var perLine = layers.Count <= 24 ? Math.Max(4, layers.Count) : 24;
        var width = Figure.Width / perLine;
        var lines = (layers.Count + perLine - 1) / perLine;
        var every = width >= 22 ? 1 : width >= 12 ? 4 : 8;
        var cells = new List<Node?>();
        for (var at = 0; at < layers.Count; at++)
        {
            var (x, y) = (at % perLine * width, (at / perLine * LineHeight) + 1);
            var share = layers[at].Units > 0 ? (double)layers[at].Hits / layers[at].Units : 0;
            cells.Add(Figure.Box(x + 0.5, y, width - Gap, CellHeight, "cell"));
            cells.Add(Figure.Box(x + 0.5, y + (CellHeight * (1 - share)), width - Gap, CellHeight * share, item.Companion is { Passed: false } ? "fill weak" : "fill"));
            if (Luck(item, layers[at]) is { } luck)
            {
                var height = y + (CellHeight * (1 - luck));
                cells.Add(Figure.Rule(x + 0.5, height, x + width - Gap + 0.5, height, "luck under"));
                cells.Add(Figure.Rule(x + 0.5, height, x + width - Gap + 0.5, height, "luck"));
            }

            cells.Add(at % every == 0 ? Figure.Label(x + ((width - Gap) / 2), y + CellHeight + 13, $"{Number(item, layers[at])}", "middle") : null);
        }

        var (hits, units) = (layers.Sum(layer => (long)layer.Hits), layers.Sum(layer => (long)layer.Units));
        return Figure.Drawing(id, lines * LineHeight, $"{TestNames.Of(item.Test)}: share of hits in each layer",
            $"{Figures.Count(hits)} of {Figures.Count(units)} over {Figures.Plural(layers.Count, "layer")}: "
            + string.Join(", ", layers.Select(layer => $"layer {Number(item, layer)} {(layer.Units > 0 ? Figures.Percent((double)layer.Hits / layer.Units) : "none compared")}")) + ".", cells);
    }
}
