using System.Globalization;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Makes the evidence item of a score over curves: the mean of their correlations beside what real pairs give.</summary>
internal static class CurveScore
{
    /// <summary>The item; without a statistic when there are no pairs.</summary>
    /// <param name="kind">The family of curves.</param>
    /// <param name="pairs">Curves that both models have.</param>
    /// <param name="sampling">How the matrices were sampled, or nothing.</param>
    public static EvidenceItem Item(CurveScoreKind kind, IReadOnlyList<CurvePair> pairs, string sampling)
    {
        if (pairs.Count == 0)
        {
            return Item(kind, null, 0, 0, 0, kind.Absent);
        }

        var (referenceDepth, suspectDepth) = (pairs.Max(pair => pair.Reference.Layers.Count), pairs.Max(pair => pair.Suspect.Layers.Count));
        var each = string.Join(", ", pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Reference.Label} {pair.Correlation:0.000}")));
        var note = $"Correlations: {each}."
            + (pairs.Count < kind.Parts.Count ? $" Mean of {pairs.Count} {(pairs.Count == 1 ? "curve" : "curves")}; the others are not in both models." : "")
            + CurveShifts.Note(pairs) + sampling + Blur(pairs);
        return Item(kind, pairs.Average(pair => pair.Correlation), referenceDepth, suspectDepth,
            pairs.Sum(pair => pair.Reference.BytesRead + pair.Suspect.BytesRead), note);
    }

    private static EvidenceItem Item(CurveScoreKind kind, double? score, int referenceDepth, int suspectDepth, long bytesRead, string note)
    {
        // The hardest innocent explanation first: of the groups of one recipe, the one that reaches the score most often.
        var hardest = score is { } value
            ? SigmaNullBank.Nearest(kind.Groups, SigmaNullKind.SameRecipe, referenceDepth, suspectDepth).MinBy(group => group.ShareBelow(value))
            : null;
        return new EvidenceItem
        {
            Test = kind.Test,
            Tier = Tier.Descriptive,
            Statistic = score,
            StatisticName = kind.StatisticName,
            Null = score is { } known
                ? SigmaNullPhrase.For(kind.Groups, known, referenceDepth, suspectDepth)
                : $"quantiles of real pairs ({SigmaNullBank.Source})",
            NullExpectation = hardest?.Median,
            NullPercentile = score is { } found ? hardest?.ShareBelow(found) : null,
            NullGroups = score is { } seen ? SigmaNullBank.GroupsFor(kind.Groups, seen, referenceDepth, suspectDepth) : [],
            BytesRead = bytesRead,
            Note = note,
        };
    }

    // A sampled curve is a blurred one; the reader needs to know how the blur compares with what is being correlated.
    private static string Blur(IReadOnlyList<CurvePair> pairs)
    {
        var measured = pairs.SelectMany(pair => new[] { pair.Reference, pair.Suspect }).Where(curve => curve.StandardErrors.Count > 0).ToArray();
        if (measured.Length == 0)
        {
            return "";
        }

        var error = measured.Average(curve => curve.StandardErrors.Average() / curve.Values.Average());
        var spread = measured.Average(curve =>
        {
            var mean = curve.Values.Average();
            return Math.Sqrt(curve.Values.Average(value => (value - mean) * (value - mean))) / mean;
        });
        return string.Create(CultureInfo.InvariantCulture,
            $" A deviation has a standard error of {100 * error:0.##} % on average, the curves vary by {100 * spread:0.##} % over the layers.");
    }
}
