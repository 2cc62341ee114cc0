using System.Globalization;
using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The depth-curve score and the curves that it was made of.</summary>
/// <param name="Item">The score beside its nulls.</param>
/// <param name="Curves">Standard deviations over the layers of each model, one curve a kind of matrix that both have.</param>
public sealed record DepthCurveResult(EvidenceItem Item, IReadOnlyList<Curve> Curves);

/// <summary>The score of HonestAGI, "Intrinsic Fingerprint of LLMs" (2507.03014, withdrawn): curves over depth of the standard deviations of the query, key,
/// value and output matrices, correlated. It measures recipe and depth trend first and lineage only on top: separately trained models of one recipe reach
/// the 0.927 of the famous accusation in 0.7 to 21 % of pairs. It is printed because people quote it, beside what unrelated models reach.</summary>
public static class DepthCurveScore
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "depth-curve-score";

    /// <summary>Computes the score.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="budgetBytes">Bytes that may be read from each model. Where the matrices are larger, the same share of the rows of every matrix is
    /// read from both models, in runs at fixed fractions of its height (at least one row a matrix).</param>
    public static DepthCurveResult Compute(DescribedModel reference, DescribedModel suspect, long budgetBytes)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(suspect);
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        var largest = Math.Max(AttentionCurve.StoredBytes(reference.Anatomy), AttentionCurve.StoredBytes(suspect.Anatomy));
        var share = largest <= budgetBytes ? 1 : (double)budgetBytes / largest;
        var pairs = CurveScoreKind.Attention.Parts
            .Where(part => AttentionCurve.Views(reference.Anatomy, part).Count > 0 && AttentionCurve.Views(suspect.Anatomy, part).Count > 0)
            .Select(part => (Part: part, Curves: CurvePair.Of(AttentionCurve.Of(reference, part, share), AttentionCurve.Of(suspect, part, share))))
            .Where(pair => pair.Curves is not null)
            .ToArray();
        var sampling = share >= 1 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" Read {100 * share:0.##} % of the rows of each matrix, in up to {RowRuns.Runs} runs at fixed fractions of its height, the same in both models.");
        return new DepthCurveResult(
            CurveScore.Item(CurveScoreKind.Attention, [.. pairs.Select(pair => pair.Curves!)], sampling), [.. pairs.Select(pair => Drawn(pair.Part, pair.Curves!))]);
    }

    // The band in which curves of unrelated models run, for drawing behind these.
    private static Curve Drawn(Part part, CurvePair pair)
    {
        var (band, source) = SigmaCurveBank.Nearest(part, pair.Reference.Layers.Count);
        return pair.Drawn() with { NullBand = band, NullBandSource = source };
    }
}
