using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Which layers of the suspect come from which of the reference: two stacks with ribbons between them; gaps, repeats and experts show.</summary>
internal static class LayerFlow
{
    private const double Top = 24;
    private const double BoxWidth = 74;
    private const int MostExperts = 16;
    private const int MostLayers = 512;
    private const int LongestText = 200;

    /// <summary>The figure; null where the suspect has no layers.</summary>
    public static Element? Of(string id, ComparisonReport report, int index)
    {
        var (result, reference) = (report.Results[index], report.References[index]);
        var map = result.LayerMap;
        if (map.Count == 0)
        {
            return null;
        }

        int[] numbers = [.. map.Select(link => link.SuspectLayer), .. map.SelectMany(link => link.ReferenceLayers), .. map.SelectMany(link => link.Experts).Select(expert => expert.ReferenceLayer), reference.Layers - 1];
        var canBeDrawn = numbers.All(number => number is >= -1 and < MostLayers);
        var linked = map.Count(link => link.ReferenceLayers.Count > 0);
        var words = linked == 0 ? "No layer of the suspect is shown to come from a layer of the reference." : $"{LayerMapText.Describe(map, "–")}.";
        return Figure.Of(id, "What came from where",
            [Element.Of("p", linked == 0
                ? "Nothing links the two stacks: no layer was shown to come from the other model."
                : "A ribbon joins a layer of the reference to the layer of the suspect that holds its neurons. A dashed box has no partner that is shown.")],
            [
                canBeDrawn
                    ? Figure.Panel("The layers", Drawing(id, map, numbers.Max() + 1, Math.Max(reference.Layers, map.SelectMany(link => link.ReferenceLayers).Append(-1).Max() + 1), report.Suspect.Experts, words))
                    : Figure.Panel("The layers", Element.Of("p", $"Not drawn: there are more than {MostLayers} layers.").Class("quiet")),
                Figure.Panel("The share inherited", ShareBar.Of($"{id}-share", result.InheritedShare), Element.Of("p", words.Length <= LongestText ? words : $"{linked} of {map.Count} layers have a partner that is shown; the table lists them all.")),
            ],
            map.Any(link => link.Experts.Count > 0) ? "Experts are drawn as slices of their layer, each joined to the neurons that it agrees with." : "",
            Table(map));
    }

    private static Element Drawing(string id, IReadOnlyList<LayerLink> map, int most, int referenceLayers, int experts, string words)
    {
        var row = Math.Clamp(330.0 / most, 9, 40);
        var gap = row > 16 ? 5 : 2;
        var (left, right) = (BoxWidth, Figure.Width - BoxWidth);
        var drawn = new List<Node?> { Figure.Label(0, 14, "Reference", style: "strong"), Figure.Label(Figure.Width, 14, "Suspect", "end", "strong") };
        foreach (var link in map)
        {
            var top = Top + (link.SuspectLayer * row);
            var height = row - gap;
            if (link.Experts.Count is > 0 and <= MostExperts)
            {
                var slice = height / link.Experts.Count;
                drawn.AddRange(link.Experts.Select((expert, place) => Ribbon(left, Top + (expert.ReferenceLayer * row), height, right, top + (place * slice), Math.Max(slice - 1.2, 0.8))));
            }
            else
            {
                drawn.AddRange(link.ReferenceLayers.Select(layer => Ribbon(left, Top + (layer * row), height, right, top, height)));
            }
        }

        var used = map.SelectMany(link => link.ReferenceLayers).ToHashSet();
        drawn.AddRange(Enumerable.Range(0, referenceLayers).SelectMany(layer => Layer(0, Top + (layer * row), row - gap, layer, used.Contains(layer), 0)));
        drawn.AddRange(map.SelectMany(link => Layer(right, Top + (link.SuspectLayer * row), row - gap, link.SuspectLayer, link.ReferenceLayers.Count > 0, experts is > 0 and <= MostExperts ? experts : 0)));
        return Figure.Drawing($"{id}-map", Top + (most * row), "Layers of the reference and of the suspect, joined where neurons are shared", words, drawn);
    }

    private static IEnumerable<Node> Layer(double x, double y, double height, int number, bool isShown, int slices)
    {
        yield return Figure.Box(x + 0.75, y, BoxWidth - 1.5, height, isShown ? "layer" : "layer none");
        for (var slice = 1; slice < slices && height > slices; slice++)
        {
            yield return Figure.Rule(x + 1, y + (slice * height / slices), x + 11, y + (slice * height / slices), "slice");
        }

        if (height >= 10)
        {
            yield return Figure.Label(x + (BoxWidth / 2), y + (height / 2) + 4, height >= 18 ? $"layer {number}" : $"{number}", "middle");
        }
        else if (number % 8 == 0)
        {
            yield return Figure.Label(x + (BoxWidth / 2), y + (height / 2) + 3.4, $"{number}", "middle", "over");
        }
    }

    private static Element Ribbon(double x1, double y1, double height1, double x2, double y2, double height2)
    {
        var middle = Coordinates.Text((x1 + x2) / 2);
        string At(double x, double y) => $"{Coordinates.Text(x)} {Coordinates.Text(y)}";
        return Figure.Path(
            $"M{At(x1, y1)}C{middle} {Coordinates.Text(y1)} {middle} {Coordinates.Text(y2)} {At(x2, y2)}L{At(x2, y2 + height2)}"
            + $"C{middle} {Coordinates.Text(y2 + height2)} {middle} {Coordinates.Text(y1 + height1)} {At(x1, y1 + height1)}Z", "ribbon");
    }

    private static Element Table(IReadOnlyList<LayerLink> map) => Figure.Table("Where each layer of the suspect comes from",
        [PageColumn.Words("Layer of the suspect"), PageColumn.Words("Layers of the reference"), PageColumn.Words("Experts")],
        map.Select(link => (IReadOnlyList<string>)
        [
            $"layer {link.SuspectLayer}",
            link.ReferenceLayers.Count == 0 ? "none shown" : string.Join(", ", link.ReferenceLayers),
            link.Experts.Count == 0 ? "–" : string.Join("; ", link.Experts.Select(expert =>
                $"{Expert(expert.SuspectExpert)} from {Expert(expert.ReferenceExpert)} of layer {expert.ReferenceLayer} ({Figures.Percent(expert.Share)})")),
        ]));

    private static string Expert(int expert) => expert switch { -1 => "the MLP", < -1 => "shared expert", _ => $"expert {expert}" };
}
