using Pedigree.Alignment;

namespace Pedigree.Evidence.Calibrated;

/// <summary>The search for a hidden origin as a whole. Suspects and controls go through it alike, so that what controls reach is what the search reaches on unrelated
/// models.</summary>
internal static class HiddenSearch
{
    /// <summary>Searches: by vocabulary and by moments of all layers first; where that leaves layers without an origin, by single layers, and then by halves of the neurons.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="unrelated">Quarter shares of unrelated pairs, at least one.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static (AlignedPair Pair, TwoViewAgreement Agreement) Run(
        AlignmentInput suspect, AlignmentInput reference, IReadOnlyList<double> unrelated, int threads, Action<string> step, CancellationToken cancellation)
    {
        var pair = AlignedPair.Of(suspect, reference, threads, step, cancellation);
        var agreement = TwoViewAgreement.Of(pair, unrelated, threads, cancellation);
        if (agreement.Linked == agreement.Judged)
        {
            return (pair, agreement);
        }

        var other = AlignedPair.OfLayers(suspect, reference, threads, step, cancellation, pair);
        var second = TwoViewAgreement.Of(other, unrelated, threads, cancellation);
        var (better, found) = (second.Linked, second.QuarterShare).CompareTo((agreement.Linked, agreement.QuarterShare)) > 0
            ? Completed(other, second, unrelated, threads, cancellation) : Completed(pair, agreement, unrelated, threads, cancellation);
        return found.Linked == found.Judged ? (better, found) : ByNeurons(better, found, unrelated, threads, step, cancellation);
    }

    // Where a half of the layers is left over, halves of the neurons: of two layers one may be a stranger's.
    private static (AlignedPair Pair, TwoViewAgreement Agreement) ByNeurons(
        AlignedPair pair, TwoViewAgreement agreement, IReadOnlyList<double> unrelated, int threads, Action<string> step, CancellationToken cancellation)
    {
        if (AlignedPair.OfNeurons(pair, threads, step, cancellation) is not { } other)
        {
            return (pair, agreement);
        }

        var second = TwoViewAgreement.Of(other, unrelated, threads, cancellation);
        return second.Convicts && second.Linked > agreement.Linked
            ? (other with { Fit = CompletedFit.Whole(other, second.Links, threads, cancellation) }, second) : (pair, agreement with { ReachedByNeurons = second.QuarterShare });
    }

    // Whether there is a relation is decided before this; it adds layers to one.
    private static (AlignedPair Pair, TwoViewAgreement Agreement) Completed(
        AlignedPair pair, TwoViewAgreement agreement, IReadOnlyList<double> unrelated, int threads, CancellationToken cancellation)
    {
        if (!agreement.Convicts || agreement.Linked == agreement.Judged)
        {
            return (pair, agreement);
        }

        var whole = pair with { Fit = CompletedFit.Of(pair, agreement.Links, threads, cancellation) };
        var second = TwoViewAgreement.Of(whole, unrelated, threads, cancellation);
        return second.Convicts && second.Linked > agreement.Linked ? (whole, second) : (pair, agreement);
    }
}
