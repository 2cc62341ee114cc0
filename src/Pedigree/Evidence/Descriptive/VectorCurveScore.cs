using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Depth-curve scores of vectors: standard deviations of norm gains, and of the biases of query, key and value. Both were drawn in the Pangu affair as
/// further evidence; both are one number a layer and compare no direction.</summary>
internal static class VectorCurveScore
{
    /// <summary>Identifier of the evidence item on norm gains.</summary>
    public const string GainTest = "gain-depth-curve-score";

    /// <summary>Identifier of the evidence item on biases.</summary>
    public const string BiasTest = "bias-depth-curve-score";

    /// <summary>Both scores, with their curves. A model without such vectors gets an item that says so.</summary>
    public static (IReadOnlyList<EvidenceItem> Items, IReadOnlyList<Curve> Curves) Compute(DescribedModel reference, DescribedModel suspect)
    {
        var gains = Pairs(CurveScoreKind.Gains, (model, part) => Curve(
            model, role => role.Part == part, DepthCurve.DeviationOf(part), part.ToString()));
        var biases = Pairs(CurveScoreKind.Biases, (model, part) => Curve(
            model, role => role.Part == Part.Bias && role.BiasOf == part, $"{DepthCurve.Word(part)}-bias-deviation", $"{part} bias"));
        return (
            [CurveScore.Item(CurveScoreKind.Gains, gains, ""), CurveScore.Item(CurveScoreKind.Biases, biases, "")],
            [.. gains.Concat(biases).Select(pair => pair.Drawn())]);

        CurvePair[] Pairs(CurveScoreKind kind, Func<DescribedModel, Part, DepthCurve?> curve) =>
            [.. kind.Parts.Select(part => CurvePair.Of(curve(reference, part), curve(suspect, part))).OfType<CurvePair>()];
    }

    private static DepthCurve? Curve(DescribedModel model, Func<Role, bool> wanted, string name, string label)
    {
        var entries = model.Anatomy.Views
            .Where(entry => entry.Key is { Layer: >= 0, Expert: Role.Dense } && wanted(entry.Key))
            .OrderBy(entry => entry.Key)
            .ToArray();
        if (entries.Sum(entry => entry.Value.Count) > VectorCache.MostValues)
        {
            return null;
        }

        var values = entries.Select(entry => model.Vectors.Find(model, entry.Key) is { } vector ? Deviation(vector) : (double?)null).ToArray();
        return DepthCurve.Of(name, label, [.. entries.Select(entry => entry.Key.Layer)], values, [], entries.Sum(entry => RowRuns.StoredBytes(entry.Value)));
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
