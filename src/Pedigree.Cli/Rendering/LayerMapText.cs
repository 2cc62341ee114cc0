using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>Says which layers come from which, in as few words as the map allows.</summary>
internal static class LayerMapText
{
    public static string Describe(IReadOnlyList<LayerLink> map, string range)
    {
        var parts = new List<string>();
        for (var first = 0; first < map.Count;)
        {
            var last = first;
            while (last + 1 < map.Count && Continues(map[last], map[last + 1]))
            {
                last++;
            }

            parts.Add(Part(map[first], map[last], range));
            first = last + 1;
        }

        return string.Join("; ", parts);
    }

    private static bool Continues(LayerLink one, LayerLink next) =>
        next.SuspectLayer == one.SuspectLayer + 1
        && one.ReferenceLayers.Count == next.ReferenceLayers.Count
        && one.ReferenceLayers.Count <= 1
        && (one.ReferenceLayers.Count == 0 || next.ReferenceLayers[0] == one.ReferenceLayers[0] + 1);

    private static string Part(LayerLink first, LayerLink last, string range)
    {
        var here = Span(first.SuspectLayer, last.SuspectLayer, range);
        return first.ReferenceLayers.Count switch
        {
            0 => $"{here} from none that is shown",
            1 when first.ReferenceLayers[0] == first.SuspectLayer => $"{here} from the same of the reference",
            1 => $"{here} from {Span(first.ReferenceLayers[0], last.ReferenceLayers[0], range)} of the reference",
            _ => $"{here} from layers {string.Join(" and ", first.ReferenceLayers)} of the reference",
        };
    }

    private static string Span(int first, int last, string range) => first == last ? $"layer {first}" : $"layers {first}{range}{last}";
}
