using System.Globalization;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The depth-curve score of the matrices of the MLP, and of the spread between experts where both models have some. A dense MLP is compared with the
/// mean over experts, which is how the accusation against a mixture of experts was drawn.</summary>
internal static class MlpCurveScore
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "mlp-depth-curve-score";

    /// <summary>Identifier of the evidence item on the spread between experts.</summary>
    public const string SpreadTest = "expert-spread-curve-score";

    /// <summary>Computes the scores.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="budgetBytes">Bytes that may be read from each model; beyond, equally many values of every layer are read from both.</param>
    public static (IReadOnlyList<EvidenceItem> Items, IReadOnlyList<Curve> Curves) Compute(DescribedModel reference, DescribedModel suspect, long budgetBytes)
    {
        Part[] parts = [.. CurveScoreKind.Mlp.Parts.Where(part => MlpCurve.Depth(reference.Anatomy, part) > 0 && MlpCurve.Depth(suspect.Anatomy, part) > 0)];
        var values = Math.Min(ValuesOfLayer(reference, parts, budgetBytes), ValuesOfLayer(suspect, parts, budgetBytes));
        var curves = parts.Select(part => (Reference: MlpCurve.Of(reference, part, values), Suspect: MlpCurve.Of(suspect, part, values))).ToArray();
        CurvePair[] means = [.. curves.Select(pair => CurvePair.Of(pair.Reference.Mean, pair.Suspect.Mean)).OfType<CurvePair>()];
        CurvePair[] spreads = [.. curves.Select(pair => CurvePair.Of(pair.Reference.Spread, pair.Suspect.Spread)).OfType<CurvePair>()];
        var sampling = values == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" Read about {values:N0} values of each kind and layer.");
        var experts = curves.Length == 0 ? (0, 0) : (curves.Max(pair => pair.Reference.Experts), curves.Max(pair => pair.Suspect.Experts));
        var mixture = experts is (0, 0) ? ""
            : string.Create(CultureInfo.InvariantCulture, $" Layers with experts have the mean over {Experts(experts.Item1)} (reference) and {Experts(experts.Item2)} (suspect), shared ones left out; the pairs behind the null are dense.");
        var items = new List<EvidenceItem> { CurveScore.Item(CurveScoreKind.Mlp, means, mixture + sampling) };
        if (spreads.Length > 0)
        {
            items.Add(Spread(spreads, sampling));
        }

        return (items, [.. means.Concat(spreads).Select(pair => pair.Drawn())]);
    }

    // No collection of real mixtures stands behind this one, so it is read against shifts of itself.
    private static EvidenceItem Spread(CurvePair[] pairs, string sampling)
    {
        var score = pairs.Average(pair => pair.Correlation);
        var shifts = CurveShifts.Circular(pairs);
        var sampled = sampling.Length > 0 ? " Of sampled experts a part of the spread is sampling." : "";
        return new EvidenceItem
        {
            Test = SpreadTest,
            Tier = Tier.Descriptive,
            Statistic = score,
            StatisticName = "mean correlation of depth curves (spread between experts)",
            Null = "all circular shifts of the layers of one side; no real unrelated mixtures stand behind it, and a trend that they share would look the same",
            NullExpectation = shifts.Count > 0 ? shifts.Average() : null,
            NullPercentile = shifts.Count > 0 ? (double)shifts.Count(shift => shift < score) / shifts.Count : null,
            Note = $"Correlations: {string.Join(", ", pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Reference.Label} {pair.Correlation:0.000}")))}." + CurveShifts.Note(pairs) + sampling + sampled,
        };
    }

    private static long ValuesOfLayer(DescribedModel model, Part[] parts, long budgetBytes)
    {
        if (parts.Sum(part => MlpCurve.StoredBytes(model.Anatomy, part)) <= budgetBytes)
        {
            return long.MaxValue;
        }

        var size = model.Anatomy.Views.Where(entry => parts.Contains(entry.Key.Part)).Max(entry => entry.Value.Tensor.Type.Size());
        return Math.Max(1, budgetBytes / size / parts.Sum(part => MlpCurve.Depth(model.Anatomy, part)));
    }

    private static string Experts(int count) => count == 0 ? "no expert" : string.Create(CultureInfo.InvariantCulture, $"{count} experts");
}
