using Pedigree.Units;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Whether the lengths of corresponding neurons vary together. A random start gives all neurons of a layer nearly the same length; what training made of them
/// differs. So lengths tell shared training from a shared start, in any order of the neurons and in any residual basis.</summary>
/// <remarks>
/// <para>The logarithm of the length of a row of d independent starting values varies by 1/(2d). Of the covariance of log lengths, summed over v views and centred in each
/// layer, a common start alone explains at most v/(2d); the rest, beyond what chance adds, was trained before the models parted.</para>
/// <para>Starting values of a neuron's first view (gate) and of its other views (up and down together) are independent. Training makes a neuron long or short in all of them. So
/// where only the start is common, first lengths of one model and rest lengths of the other correlate at 0 or below (a neuron that is long in one projection needs less in the
/// next); where training is common, they correlate about as within one model. With r₁ and r₂ the two correlations across models and ρ₁, ρ₂ those within, (r₁ + r₂)√n has
/// variance 2 + 2ρ₁ρ₂ over n neurons. This needs no bound, so it tells more where rows are short. It is not used where the order of either model's neurons is structured: a start that was
/// taken from a table may give all projections of a neuron the same.</para>
/// <para>Each of the two has half of the level 1e-6.</para>
/// <para>Heads are few and their lengths may have outliers, so ranks are correlated there: r becomes arctanh r, of variance 1.06/(n − 3) (Fieller, Hartley and Pearson, "Tests for rank correlation
/// coefficients", 1957), and must exceed that of what a common start explains.</para>
/// <para>That neither shows shared training does not refute it. If one model went on from the other's trained rows and keeps a cosine c with them, the share c² of its squared lengths follows theirs,
/// and log lengths covary by c² times their variance. Only where what is seen falls short of that by more than chance does at <see cref="Log10Refuted"/> is training apart shown
/// (<see cref="TrainedApart"/>). The comparison across projections does not speak against that: which neurons of a start grow depends a little on their start, so that pairs that share nothing else
/// correlate up to 0.12 in it.</para>
/// </remarks>
/// <param name="Correlation">Pooled correlation, each layer centred.</param>
/// <param name="Covariance">Pooled covariance.</param>
/// <param name="StartAlone">The covariance that a common start explains at most.</param>
/// <param name="Margin">What chance adds at level 5e-7.</param>
/// <param name="Neurons">Corresponding neurons.</param>
/// <param name="CrossCorrelation">Mean correlation of first lengths of one model with rest lengths of the other; null where there is only one length.</param>
/// <param name="CrossDeviates">The same in standard deviations under independence; null likewise.</param>
public sealed record RowLengthAgreement(
    double Correlation, double Covariance, double StartAlone, double Margin, int Neurons, double? CrossCorrelation, double? CrossDeviates)
{
    /// <summary>Decimal log of the level at which shared training is refuted.</summary>
    public const double Log10Refuted = -3;

    // One-sided normal deviates of 5e-7 and of 1e-3.
    private const double Deviates = 4.8916384757;
    private const double RefutedDeviates = 3.0902323062;

    /// <summary>Shared training is shown.</summary>
    public bool SharedTraining => ByLength || (CrossDeviates > Deviates && !IsRefuted);

    /// <summary>The covariance that shared training would give at the cosine that rows have; null where the cosine is not known.</summary>
    public double? IfTrainedTogether { get; init; }

    /// <summary>Lengths covary by less than shared training would give: the models share a start and were trained apart.</summary>
    public bool TrainedApart => !SharedTraining && IsRefuted;

    /// <summary>By how many standard deviations ranks correlate more than a common start explains; null where values were compared.</summary>
    public double? RankDeviates { get; init; }

    private bool IsRefuted => IfTrainedTogether is { } expected && Covariance + (Margin * RefutedDeviates / Deviates) < expected;

    /// <summary>It is shown by lengths as a whole.</summary>
    public bool ByLength => RankDeviates is { } deviates ? deviates > Deviates : Covariance > StartAlone + Margin;

    /// <summary>Measures.</summary>
    /// <param name="layers">For each layer, log lengths of corresponding neurons.</param>
    /// <param name="startAlone">Σ 1/(2d) over the views that each log length sums over, d values in a row: the covariance that a common start explains at most.</param>
    /// <param name="byRank">Whether ranks are correlated, because the units are few.</param>
    /// <param name="rowCosine">Mean cosine of corresponding rows; null where it is not known.</param>
    /// <returns>The agreement, or null when fewer than two neurons correspond or nothing varies.</returns>
    internal static RowLengthAgreement? Of(IEnumerable<IReadOnlyList<UnitLengths>> layers, double startAlone, double? rowCosine = null, bool byRank = false)
    {
        var kept = layers.Select(layer => layer.Where(unit => double.IsFinite(unit.Suspect) && double.IsFinite(unit.Reference)).ToArray()).Where(layer => layer.Length > 1).ToArray();
        var count = kept.Sum(layer => layer.Length);
        double Sum(Func<UnitLengths, double> one, Func<UnitLengths, double> two) => kept.Sum(layer =>
        {
            var (first, second) = (layer.Average(one), layer.Average(two));
            return layer.Sum(unit => (one(unit) - first) * (two(unit) - second));
        });
        double Correlated(Func<UnitLengths, double> one, Func<UnitLengths, double> two) => Sum(one, two) / Math.Sqrt(Sum(one, one) * Sum(two, two));

        var both = Sum(unit => unit.Suspect, unit => unit.Reference);
        var (own, other) = (Sum(unit => unit.Suspect, unit => unit.Suspect), Sum(unit => unit.Reference, unit => unit.Reference));
        var spread = Math.Sqrt(own * other);
        if (count < 2 || !(spread > 0))
        {
            return null;
        }

        var across = (Correlated(unit => unit.SuspectFirst, unit => unit.ReferenceRest) + Correlated(unit => unit.SuspectRest, unit => unit.ReferenceFirst)) / 2;
        var within = Correlated(unit => unit.SuspectFirst, unit => unit.SuspectRest) * Correlated(unit => unit.ReferenceFirst, unit => unit.ReferenceRest);
        // Each layer was centred, which takes one unit's worth of freedom.
        double free = count - kept.Length;
        var deviates = across * Math.Sqrt(2 * free / (1 + within));
        return new RowLengthAgreement(
            both / spread, both / count, startAlone, Deviates * spread / count / Math.Sqrt(free), count,
            double.IsFinite(deviates) ? across : null, double.IsFinite(deviates) ? deviates : null)
        {
            // Which of the two went on is not known: the smaller variance refutes least.
            IfTrainedTogether = rowCosine * rowCosine * Math.Min(own, other) / count,
            RankDeviates = byRank && free > 2 ? Ranked(kept, Math.Min(1, startAlone * count / spread), free) : null,
        };
    }

    private static double Ranked(IReadOnlyList<UnitLengths[]> layers, double start, double free)
    {
        double[] Centred(Func<UnitLengths, double> length) => [.. layers.SelectMany(layer => layer.Select(unit => length(unit) - layer.Average(length)))];
        // Ranks of n units that differ correlate by steps of 6/(n³ − n): none is ever quite 1.
        var correlation = Math.Clamp(Numerics.Correlation.Spearman(Centred(unit => unit.Suspect), Centred(unit => unit.Reference)), -1, 1 - (6 / (Math.Pow(free, 3) + 6)));
        return (Math.Atanh(correlation) - Math.Atanh(Math.Min(start, 1 - 1e-9))) * Math.Sqrt((free - 2) / 1.06);
    }
}
