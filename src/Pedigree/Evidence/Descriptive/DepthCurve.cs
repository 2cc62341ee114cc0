using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>One figure of each layer that has it, such as the standard deviation of one kind of matrix.</summary>
/// <param name="Name">Name of the curve in reports.</param>
/// <param name="Label">What it is of, as a word.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Values">One value a layer, in units of the weights.</param>
/// <param name="StandardErrors">Standard errors of sampled values; empty when everything was read.</param>
/// <param name="BytesRead">Bytes read for the curve.</param>
internal sealed record DepthCurve(
    string Name, string Label, IReadOnlyList<int> Layers, IReadOnlyList<double> Values, IReadOnlyList<double> StandardErrors, long BytesRead)
{
    /// <summary>Fewest layers that make a curve: two always correlate at 1 or -1.</summary>
    public const int FewestLayers = 3;

    /// <summary>The curve, or null when there are too few layers, a value is unknown or not finite, or all values are equal.</summary>
    public static DepthCurve? Of(string name, string label, IReadOnlyList<int> layers, IReadOnlyList<double?> values, IReadOnlyList<double> standardErrors, long bytesRead)
    {
        if (layers.Count < FewestLayers || !values.All(value => value is { } known && double.IsFinite(known)))
        {
            return null;
        }

        double[] known = [.. values.OfType<double>()];
        return known.Max() - known.Min() <= 1e-9 * known.Max(Math.Abs) ? null : new DepthCurve(name, label, layers, known, standardErrors, bytesRead);
    }

    /// <summary>Name in reports of the curve of deviations of a part.</summary>
    public static string DeviationOf(Part part) => $"{Word(part)}-deviation";

    /// <summary>The part as a word of a curve's name.</summary>
    public static string Word(Part part) => part switch
    {
        Part.AttentionOutput => "output",
        Part.AttentionNorm => "attention-norm",
        Part.MlpNorm => "mlp-norm",
        Part.AttentionOutputNorm => "attention-output-norm",
        Part.MlpOutputNorm => "mlp-output-norm",
        _ => part.ToString().ToLowerInvariant(),
    };

    /// <summary>Correlation of two curves: each z-normalised over its own layers, the shorter interpolated to the longer, then Pearson
    /// (2507.03014, as re-implemented by LeaFBench).</summary>
    public static double? Correlate(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var length = Math.Max(first.Count, second.Count);
        var correlation = Correlation.Pearson(Stretch(Normalised(first), length), Stretch(Normalised(second), length));
        return double.IsNaN(correlation) ? null : correlation;
    }

    /// <summary>Values less their mean, divided by their population standard deviation.</summary>
    private static double[] Normalised(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => (value - mean) / deviation)];
    }

    private static double[] Stretch(double[] values, int length)
    {
        if (values.Length == length)
        {
            return values;
        }

        var stretched = new double[length];
        for (var i = 0; i < length; i++)
        {
            var place = (double)i * (values.Length - 1) / (length - 1);
            var left = Math.Min((int)place, values.Length - 2);
            stretched[i] = values[left] + ((place - left) * (values[left + 1] - values[left]));
        }

        return stretched;
    }
}
