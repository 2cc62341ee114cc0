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
        var largest = Math.Max(DepthCurve.StoredBytes(reference.Anatomy), DepthCurve.StoredBytes(suspect.Anatomy));
        var share = largest <= budgetBytes ? 1 : (double)budgetBytes / largest;
        var pairs = DepthCurve.Parts
            .Where(part => DepthCurve.Views(reference.Anatomy, part).Count > 0 && DepthCurve.Views(suspect.Anatomy, part).Count > 0)
            .Select(part => (Reference: DepthCurve.Of(reference, part, share), Suspect: DepthCurve.Of(suspect, part, share)))
            .Where(pair => pair.Reference is not null && pair.Suspect is not null)
            .Select(pair => (Reference: pair.Reference!, Suspect: pair.Suspect!, Correlation: DepthCurve.Correlate(pair.Reference!.Deviations, pair.Suspect!.Deviations)))
            .Where(pair => pair.Correlation is not null)
            .ToArray();
        var curves = pairs.Select(pair =>
        {
            var (band, source) = SigmaCurveBank.Nearest(pair.Reference.Part, pair.Reference.Layers.Count);
            return new Curve(NameOf(pair.Reference.Part), pair.Suspect.Deviations, pair.Reference.Deviations) { NullBand = band, NullBandSource = source };
        }).ToArray();
        if (pairs.Length == 0)
        {
            return new DepthCurveResult(Item(null, 0, 0, [], "Not computed: fewer than three layers with comparable attention matrices, or flat curves."), curves);
        }

        var (referenceDepth, suspectDepth) = (pairs.Max(pair => pair.Reference.Layers.Count), pairs.Max(pair => pair.Suspect.Layers.Count));
        var score = pairs.Average(pair => pair.Correlation!.Value);
        var each = string.Join(", ", pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Reference.Part} {pair.Correlation:0.000}")));
        var note = $"Correlations: {each}."
            + (pairs.Length < DepthCurve.Parts.Count ? $" Mean of {pairs.Length} curves; the others are not in both models." : "")
            + (referenceDepth == suspectDepth ? "" : string.Create(CultureInfo.InvariantCulture, $" Curves of {referenceDepth} and {suspectDepth} layers: the shorter was stretched."))
            + Sampling(share, [.. pairs.SelectMany(pair => new[] { pair.Reference, pair.Suspect })]);
        var item = Item(score, referenceDepth, suspectDepth, [.. pairs.SelectMany(pair => new[] { pair.Reference, pair.Suspect })], note);
        return new DepthCurveResult(item, curves);
    }

    private static EvidenceItem Item(double? score, int referenceDepth, int suspectDepth, IReadOnlyList<DepthCurve> curves, string note)
    {
        // The hardest innocent explanation first: of the groups of one recipe, the one that reaches the score most often.
        var hardest = score is { } value
            ? SigmaNullBank.Nearest(SigmaNullKind.SameRecipe, referenceDepth, suspectDepth).MinBy(group => group.ShareBelow(value))
            : null;
        return new EvidenceItem
        {
            Test = Test,
            Tier = Tier.Descriptive,
            Statistic = score,
            StatisticName = "HonestAGI score: mean correlation of depth curves (Q, K, V, O)",
            Null = score is { } known
                ? SigmaNullPhrase.For(known, referenceDepth, suspectDepth)
                : $"quantiles of real pairs ({SigmaNullBank.Source})",
            NullExpectation = hardest?.Median,
            NullPercentile = score is { } found ? hardest?.ShareBelow(found) : null,
            NullGroups = score is { } seen ? SigmaNullBank.GroupsFor(seen, referenceDepth, suspectDepth) : [],
            BytesRead = curves.Sum(curve => curve.BytesRead),
            Note = note,
        };
    }

    // A sampled curve is a blurred one; the reader needs to know how the blur compares with what is being correlated.
    private static string Sampling(double share, IReadOnlyList<DepthCurve> curves)
    {
        if (share >= 1)
        {
            return "";
        }

        var sampling = string.Create(CultureInfo.InvariantCulture,
            $" Read {100 * share:0.##} % of the rows of each matrix, in up to {RowRuns.Runs} runs at fixed fractions of its height, the same in both models");
        var measured = curves.Where(curve => curve.StandardErrors.Count > 0).ToArray();
        if (measured.Length == 0)
        {
            return sampling + "; too few runs for a standard error.";
        }

        var error = measured.Average(curve => curve.StandardErrors.Average() / curve.Deviations.Average());
        var spread = measured.Average(curve =>
        {
            var mean = curve.Deviations.Average();
            return Math.Sqrt(curve.Deviations.Average(deviation => (deviation - mean) * (deviation - mean))) / mean;
        });
        return sampling + string.Create(CultureInfo.InvariantCulture,
            $"; a deviation has a standard error of {100 * error:0.##} % on average, the curves vary by {100 * spread:0.##} % over the layers.");
    }

    private static string NameOf(Part part) => part switch
    {
        Part.Query => "query-deviation",
        Part.Key => "key-deviation",
        Part.Value => "value-deviation",
        _ => "output-deviation",
    };
}
