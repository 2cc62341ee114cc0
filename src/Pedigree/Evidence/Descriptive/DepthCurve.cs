using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Standard deviations of one kind of matrix over the layers that have it.</summary>
/// <param name="Part">The kind of matrix.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Deviations">One standard deviation a layer, in units of the weights.</param>
/// <param name="StandardErrors">Standard errors of sampled deviations; empty when everything was read.</param>
/// <param name="BytesRead">Bytes read for the curve.</param>
internal sealed record DepthCurve(
    Part Part, IReadOnlyList<int> Layers, IReadOnlyList<double> Deviations, IReadOnlyList<double> StandardErrors, long BytesRead)
{
    /// <summary>Fewest layers that make a curve: two always correlate at 1 or -1.</summary>
    public const int FewestLayers = 3;

    /// <summary>The matrices whose curves enter the score.</summary>
    public static readonly IReadOnlyList<Part> Parts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    /// <summary>Bytes of all matrices that the curves are made of.</summary>
    public static long StoredBytes(ModelAnatomy anatomy) =>
        Parts.Sum(part => Views(anatomy, part).Sum(entry => RowRuns.StoredBytes(entry.View)));

    /// <summary>The matrices of one kind, in order of layers.</summary>
    public static IReadOnlyList<(int Layer, TensorView View)> Views(ModelAnatomy anatomy, Part part) =>
        [.. anatomy.Views
            .Where(entry => entry.Key.Part == part && entry.Key.Layer >= 0 && entry.Key.Expert == Role.Dense && RowRuns.IsReadable(entry.Value))
            .OrderBy(entry => entry.Key.Layer)
            .Select(entry => (entry.Key.Layer, entry.Value))];

    /// <summary>Measures one curve; null when there are too few layers, a value is not finite, or all deviations are equal.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">The kind of matrix.</param>
    /// <param name="share">Share of the rows of each matrix to read; 1 for everything.</param>
    public static DepthCurve? Of(DescribedModel model, Part part, double share)
    {
        var views = Views(model.Anatomy, part);
        var measured = new MatrixDeviation?[views.Count];
        Parallel.For(0, views.Count, new ParallelOptions { MaxDegreeOfParallelism = model.Threads }, index => measured[index] = MatrixDeviation.Of(
            model.Reader, views[index].View, RowRuns.Choose(views[index].View.Rows, views[index].View.Columns, share, fewest: 1)));
        if (views.Count < FewestLayers || measured.Any(deviation => deviation is null))
        {
            return null;
        }

        var deviations = measured.Select(deviation => deviation!.Value.Value).ToArray();
        return deviations.Max() - deviations.Min() <= 1e-9 * deviations.Max()
            ? null
            : new DepthCurve(
                part, [.. views.Select(entry => entry.Layer)], deviations,
                [.. measured.Select(deviation => deviation!.Value.StandardError).OfType<double>()],
                measured.Sum(deviation => deviation!.Value.BytesRead));
    }

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
