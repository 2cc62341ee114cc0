using System.Globalization;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The depth-curve score where other evidence showed which layer of the reference each layer of the suspect holds: layers are compared with those, not with
/// those of the same relative depth.</summary>
internal static class MappedCurveScore
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "depth-curve-mapped";

    /// <summary>The item; null where fewer than three layers were mapped or each stands at its own number, so that the score itself says it.</summary>
    /// <param name="curves">Curves of attention, one value a layer.</param>
    /// <param name="suspectLayers">Layers of the suspect.</param>
    /// <param name="referenceLayers">Layers of the reference.</param>
    /// <param name="links">Layers that were shown to hold the units of a layer.</param>
    public static EvidenceItem? Of(IReadOnlyList<Curve> curves, int suspectLayers, int referenceLayers, IEnumerable<(int Suspect, int Reference)> links)
    {
        (int Suspect, int Reference)[] map = [.. links.GroupBy(link => link.Suspect).Select(layer => layer.First()).OrderBy(link => link.Suspect)];
        Curve[] whole = [.. curves.Where(curve => curve.Suspect.Count == suspectLayers && curve.Reference.Count == referenceLayers)];
        if (map.Length < DepthCurve.FewestLayers || whole.Length == 0 || (suspectLayers == referenceLayers && map.All(link => link.Suspect == link.Reference)))
        {
            return null;
        }

        double? Score(int shift)
        {
            var each = whole.Select(curve => Correlation.Pearson(
                [.. map.Select(link => curve.Suspect[link.Suspect])],
                [.. Enumerable.Range(0, map.Length).Select(index => curve.Reference[map[(index + shift) % map.Length].Reference])])).Where(double.IsFinite).ToArray();
            return each.Length == 0 ? null : each.Average();
        }

        double[] shifts = [.. Enumerable.Range(1, map.Length - 1).Select(Score).OfType<double>()];
        var score = Score(0);
        return new EvidenceItem
        {
            Test = Test,
            Tier = Tier.Descriptive,
            Statistic = score,
            StatisticName = "depth curves by the layer map (Q, K, V, O)",
            Null = "the mapped layers shifted round; the map was found by other evidence, and this adds none to it",
            NullExpectation = score is not null && shifts.Length > 0 ? shifts.Average() : null,
            NullPercentile = score is { } found && shifts.Length > 0 ? (double)shifts.Count(shift => shift < found) / shifts.Length : null,
            Note = string.Create(CultureInfo.InvariantCulture, $"{map.Length} layers of the suspect: {string.Join(", ", map.Select(link => $"{link.Suspect} from {link.Reference}"))}."),
        };
    }
}
