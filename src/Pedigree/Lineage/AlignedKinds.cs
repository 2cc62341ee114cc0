using Pedigree.Alignment;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Names how an inheritance was hidden, as far as the recovered maps show it.</summary>
internal static class AlignedKinds
{
    // A signed permutation has one entry of size 1 in each row; noise leaves it above the value that holds half of the row's squared length.
    private const double Dominant = 0.70710678;

    /// <summary>The kinds; empty when alignment did not run or found nothing.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="positive">Exact tests that found something.</param>
    /// <param name="alignment">What came out after alignment.</param>
    public static IEnumerable<InheritanceKind> Of(Verdict verdict, IReadOnlyList<OrderTestRun> positive, AlignmentFindings alignment)
    {
        if (!VerdictRule.IsSharing(verdict))
        {
            yield break;
        }

        if (alignment.Heads is { Convicts: true } heads)
        {
            var agreeing = heads.Held.Pairs.SelectMany(layer => layer).ToArray();
            yield return new InheritanceKind(
                "attention-inherited", "query heads",
                new SortedDictionary<string, double>(StringComparer.Ordinal)
                {
                    ["agreeingShare"] = heads.Share,
                    ["keptSeatShare"] = (double)agreeing.Count(pair => pair.Suspect == pair.Reference) / agreeing.Length,
                },
                null, [TwoViewHeads.Id]);
        }

        if (alignment is not { Agreement: { Convicts: true } agreement })
        {
            yield break;
        }

        foreach (var kind in alignment.Map is { } map ? OfStream(map) : [])
        {
            yield return kind;
        }

        var pairs = alignment.Neurons.SelectMany(neurons => neurons.Pairs).ToArray();
        var kept = pairs.Length == 0 ? 1 : (double)pairs.Count(neuron => neuron.Suspect == neuron.Reference) / pairs.Length;
        if (kept < 0.5 && !positive.Any(run => run.Id is ExactEvidence.Neurons or AlignedOrder.Id))
        {
            yield return New("neurons-reordered", "MLP neurons", ("keptSeatShare", kept), ("agreeingShare", agreement.QuarterShare));
        }

        foreach (var kind in ExpertKinds.Of(alignment))
        {
            yield return kind;
        }
    }

    private static IEnumerable<InheritanceKind> OfStream(ResidualMap map)
    {
        if (map.From != map.To)
        {
            yield return New("width-changed", "residual stream", ("referenceWidth", map.From), ("suspectWidth", map.To));
            yield break;
        }

        var (fixedShare, dominantShare) = Shape(map);
        if (fixedShare < 0.5)
        {
            yield return dominantShare >= 0.5 ? New("residual-dimensions-permuted", "residual stream", ("dominantShare", dominantShare))
                : New("residual-basis-rotated", "residual stream", ("dominantShare", dominantShare));
        }
    }

    // Shares of the suspect's dimensions whose image is dominated by one dimension of the reference, of the same index and of any.
    private static (double Fixed, double Dominant) Shape(ResidualMap map)
    {
        int same = 0, any = 0;
        for (var i = 0; i < map.To; i++)
        {
            var row = map.Columns.AsSpan(i * map.From, map.From);
            for (var j = 0; j < row.Length; j++)
            {
                if (Math.Abs(row[j]) > Dominant)
                {
                    any++;
                    same += i == j ? 1 : 0;
                    break;
                }
            }
        }

        return ((double)same / map.To, (double)any / map.To);
    }

    private static InheritanceKind New(string kind, string scope, params ReadOnlySpan<(string Name, double Value)> figures)
    {
        var parameters = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in figures)
        {
            parameters[name] = value;
        }

        return new InheritanceKind(kind, scope, parameters, null, [TwoViewAgreement.Id]);
    }
}
