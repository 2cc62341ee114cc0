using System.Globalization;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Names what happened to layers: only some inherited, dropped, repeated or put in another order.</summary>
internal static class LayerKinds
{
    /// <summary>The kinds that a layer map shows; empty when every layer comes from its own place.</summary>
    /// <param name="shown">Links, by layer of the suspect.</param>
    /// <param name="layers">Layers of the suspect.</param>
    public static IEnumerable<InheritanceKind> Of(IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> shown, int layers)
    {
        if (shown.Count == 0)
        {
            yield break;
        }

        if (shown.Count < layers)
        {
            yield return New("some-layers", shown, ("layersShown", shown.Count), ("layers", layers));
        }

        var repeated = shown.GroupBy(link => link.ReferenceLayer).Count(group => group.Count() > 1);
        if (repeated > 0)
        {
            yield return New("layers-repeated", [.. shown.GroupBy(link => link.ReferenceLayer).Where(group => group.Count() > 1).SelectMany(group => group)], ("repeatedLayers", repeated));
        }

        var ordered = shown.OrderBy(link => link.SuspectLayer).Select(link => link.ReferenceLayer).ToArray();
        var skipped = ordered[^1] - ordered[0] + 1 - ordered.Distinct().Count();
        if (repeated == 0 && skipped > 0 && shown.Count == layers)
        {
            yield return New("layers-dropped", shown, ("skippedLayers", skipped));
        }
    }

    private static InheritanceKind New(string kind, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> links, params ReadOnlySpan<(string Name, double Value)> figures)
    {
        var parameters = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in figures)
        {
            parameters[name] = value;
        }

        return new InheritanceKind(
            kind, $"layers {string.Join(", ", links.Select(link => link.SuspectLayer.ToString(CultureInfo.InvariantCulture)))} of the suspect", parameters, null,
            [ExactEvidence.Neurons, TwoViewAgreement.Id]);
    }
}
