using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Names what happened to experts, layer by layer: made from a dense MLP, joined to one, or put in another order. Only the experts that were read are spoken of.</summary>
internal static class ExpertKinds
{
    // An expert comes from the one that most of its agreeing neurons are found in.
    private const double Majority = 0.5;

    /// <summary>The kinds of every linked layer.</summary>
    /// <param name="alignment">What came out after alignment.</param>
    public static IEnumerable<InheritanceKind> Of(AlignmentFindings alignment)
    {
        if (alignment.Agreement is not { } agreement)
        {
            yield break;
        }

        var tests = alignment.Neurons.Sum(map => map.Judged.Count);
        foreach (var map in alignment.Neurons)
        {
            int[] shown = [.. map.Judged.Where(expert => expert.Log10Chance + Math.Log10(tests) <= TwoViewAgreement.Log10Chance
                && expert.Agreeing >= agreement.Threshold * expert.Possible).Select(expert => expert.Expert)];
            var pairs = map.Pairs.Where(neuron => shown.Contains(neuron.SuspectExpert)).ToArray();
            if (pairs.Length == 0)
            {
                continue;
            }

            var (suspect, reference) = (pairs.Any(neuron => neuron.SuspectExpert != Role.Dense), pairs.Any(neuron => neuron.ReferenceExpert != Role.Dense));
            if (suspect && !reference)
            {
                yield return New("dense-to-experts", map, agreement, Figures(map, shown.Length, pairs.Select(neuron => neuron.Reference)));
            }
            else if (!suspect && reference)
            {
                var figures = Figures(map, shown.Length, pairs.Select(neuron => neuron.Suspect));
                figures["referenceExperts"] = pairs.GroupBy(neuron => neuron.ReferenceExpert).Count(expert => expert.Count() > 1);
                yield return New("experts-to-dense", map, agreement, figures);
            }
            else if (suspect && Origins(pairs) is { Count: > 0 } origins && origins.Any(origin => origin.Key != origin.Value))
            {
                var figures = Figures(map, shown.Length, []);
                foreach (var (expert, origin) in origins)
                {
                    figures[expert == Role.Shared ? "sharedExpert" : string.Create(CultureInfo.InvariantCulture, $"expert{expert}")] = origin;
                }

                yield return New("experts-reordered", map, agreement, figures);
            }
        }
    }

    private static SortedDictionary<int, int> Origins(NeuronPair[] pairs)
    {
        var origins = new SortedDictionary<int, int>();
        foreach (var expert in pairs.GroupBy(neuron => neuron.SuspectExpert))
        {
            var best = expert.GroupBy(neuron => neuron.ReferenceExpert).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First();
            if (best.Count() > Majority * expert.Count())
            {
                origins[expert.Key] = best.Key;
            }
        }

        return origins;
    }

    // Copies of a dense MLP name its neurons over and over; parts of it name each once.
    private static SortedDictionary<string, double> Figures(NeuronMap map, int shown, IEnumerable<int> denseSeats)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["expertsRead"] = map.Judged.Count,
            ["expertsShown"] = shown,
            ["referenceLayer"] = map.ReferenceLayer,
        };
        if (denseSeats.ToArray() is { Length: > 0 } seats)
        {
            figures["repeatedShare"] = 1 - ((double)seats.Distinct().Count() / seats.Length);
        }

        return figures;
    }

    private static InheritanceKind New(string kind, NeuronMap map, TwoViewAgreement agreement, SortedDictionary<string, double> figures)
    {
        figures["agreeingShare"] = agreement.Held.Share(map.SuspectLayer, map.ReferenceLayer);
        return new InheritanceKind(
            kind, string.Create(CultureInfo.InvariantCulture, $"layer {map.SuspectLayer} of the suspect"), figures, null, [TwoViewAgreement.Id, AlignedOrder.Id]);
    }
}
