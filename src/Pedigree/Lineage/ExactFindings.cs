using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>What the exact tests of one pair amount to, before anything else is considered.</summary>
/// <param name="Runs">Every test, run or not, in a fixed order.</param>
/// <param name="Tests">Number of tests that ran: the Bonferroni factor.</param>
internal sealed record ExactFindings(IReadOnlyList<OrderTestRun> Runs, int Tests)
{
    /// <summary>The level that a positive needs: family-wise p of 1e-6.</summary>
    public const double Log10Level = -6;

    private IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)>? _layersShown;

    /// <summary>Collects runs.</summary>
    public static ExactFindings Of(IReadOnlyList<OrderTestRun> runs) => new(runs, runs.Count(run => run.Test is not null));

    /// <summary>Smallest p over the tests after Bonferroni, as a decimal log; null when none ran.</summary>
    public double? Log10P => Tests == 0 ? null : Math.Min(0, Ran.Min(run => run.Test!.Log10P) + Math.Log10(Tests));

    /// <summary>Tests that ran.</summary>
    public IEnumerable<OrderTestRun> Ran => Runs.Where(run => run.Test is not null);

    /// <summary>Tests whose hits are significant after correction and whose content agrees more closely than reordering could make it.</summary>
    /// <param name="log10Correction">Decimal log of the factor for several references.</param>
    public IReadOnlyList<OrderTestRun> Positive(double log10Correction) =>
        [.. Significant(log10Correction).Where(run => run.Test!.Companion is { Passed: true })];

    /// <summary>Tests whose hits are significant after correction, whatever their content.</summary>
    public IEnumerable<OrderTestRun> Significant(double log10Correction) =>
        Ran.Where(run => run.Test!.Log10P + Math.Log10(Tests) + log10Correction <= Log10Level);

    /// <summary>The run of a test, or null.</summary>
    public OrderTestRun? Find(string id) => Runs.FirstOrDefault(run => string.Equals(run.Id, id, StringComparison.Ordinal));

    /// <summary>The smallest row cosine that any test would have found, and which test that is.</summary>
    /// <param name="log10Correction">Decimal log of the factor for several references.</param>
    public (OrderTestRun Run, double RowCosine)? Limit(double log10Correction)
    {
        (OrderTestRun Run, double RowCosine)? best = null;
        foreach (var run in Ran)
        {
            // The neuron test speaks for the model; a test on few units may state a smaller cosine for something else (embedding columns).
            if (run.Limit(Log10Level - Math.Log10(Tests) - log10Correction) is { } limit
                && (best is null || string.Equals(run.Id, ExactEvidence.Neurons, StringComparison.Ordinal)
                    || (!string.Equals(best.Value.Run.Id, ExactEvidence.Neurons, StringComparison.Ordinal) && limit < best.Value.RowCosine)))
            {
                best = (run, limit);
            }
        }

        return best;
    }

    /// <summary>Whether neurons that hit also vary in length together; null where the neuron test is not positive.</summary>
    /// <param name="log10Correction">Decimal log of the factor for several references.</param>
    public RowLengthAgreement? Lengths(double log10Correction) =>
        Positive(log10Correction).FirstOrDefault(run => run.Id is ExactEvidence.Neurons or AlignedOrder.Id)?.Test is { } test
            ? RowLengthAgreement.Of(test.Groups.Select(group => group.HitLogLengths), test.Groups[0].Group.Views.Sum(view => 1 / (2.0 * view.Length))) : null;

    /// <summary>The exact tests as items of the report.</summary>
    public IEnumerable<EvidenceItem> Items() => Runs.Select(run => ExactItem.Of(run));

    /// <summary>Layers whose neurons are shown to be shared, each by itself: Bonferroni over layers at 1e-3 and content above the ceiling. The order as
    /// stored comes first; where it shows nothing, the order after alignment.</summary>
    public IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> LayersShown() => _layersShown ??= EachLayer();

    private IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> EachLayer()
    {
        var shown = LayersShown(ExactEvidence.Neurons);
        return [.. shown, .. LayersShown(AlignedOrder.Id).Where(aligned => shown.All(link => link.SuspectLayer != aligned.SuspectLayer))];
    }

    private List<(int SuspectLayer, int ReferenceLayer, double Share)> LayersShown(string id)
    {
        var shown = new List<(int, int, double)>();
        if (Find(id)?.Test is not { } test)
        {
            return shown;
        }

        var layers = test.Groups.GroupBy(group => (group.Group.SuspectLayer, group.Group.ReferenceLayer)).ToArray();
        foreach (var layer in layers)
        {
            var alone = OrderTest.Evaluate(test.Id, test.Units, [.. layer]);
            if (alone.Log10P + Math.Log10(layers.Length) <= -3 && alone.Companion is { Passed: true })
            {
                shown.Add((layer.Key.SuspectLayer, layer.Key.ReferenceLayer, (double)alone.Hits / alone.Compared));
            }
        }

        return shown;
    }
}
