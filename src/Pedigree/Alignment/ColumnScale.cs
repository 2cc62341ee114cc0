using System.Numerics;

namespace Pedigree.Alignment;

/// <summary>Mean and spread of every column of a view, measured on some rows and applied to others: as <see cref="Units.Standardisation.Columns"/> does on one set.</summary>
/// <param name="Mean">One value a column.</param>
/// <param name="Scale">1 over the root mean square about the mean; 0 for a column without spread.</param>
internal sealed record ColumnScale(float[] Mean, float[] Scale)
{
    /// <summary>Measures each view of some MLPs together.</summary>
    public static ColumnScale[] Of(IReadOnlyList<MlpRows> mlps) =>
        [.. Enumerable.Range(0, mlps.Min(mlp => mlp.Views.Count)).Select(view => Of([.. mlps.Select(mlp => mlp.Views[view])], mlps[0].Width))];

    /// <summary>Brings rows to the scale. Rows that are not finite become zero.</summary>
    /// <param name="rows">count × columns, changed in place.</param>
    /// <param name="count">Number of rows.</param>
    public void Apply(Span<float> rows, int count)
    {
        var width = Mean.Length;
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * width, width);
            var size = Vector<float>.Zero;
            var c = 0;
            for (; c <= width - Vector<float>.Count; c += Vector<float>.Count)
            {
                var values = new Vector<float>(row[c..]);
                size += Vector.Abs(values);
                ((values - new Vector<float>(Mean, c)) * new Vector<float>(Scale, c)).CopyTo(row[c..]);
            }

            var total = Vector.Sum(size);
            for (; c < width; c++)
            {
                total += Math.Abs(row[c]);
                row[c] = (row[c] - Mean[c]) * Scale[c];
            }

            // A row of zeros is no neuron; once centred it would look like one. A value that is not finite makes the sum so.
            if (!float.IsFinite(total) || !(total > 0))
            {
                row.Clear();
            }
        }
    }

    private static ColumnScale Of(float[][] views, int width)
    {
        var sum = new double[width];
        var squares = new double[width];
        var rows = 0;
        foreach (var view in views)
        {
            for (var start = 0; start < view.Length; start += width, rows++)
            {
                for (var c = 0; c < width; c++)
                {
                    var value = float.IsFinite(view[start + c]) ? view[start + c] : 0.0;
                    sum[c] += value;
                    squares[c] += value * value;
                }
            }
        }

        var (mean, scale) = (new float[width], new float[width]);
        for (var c = 0; c < width; c++)
        {
            var average = sum[c] / Math.Max(1, rows);
            var square = squares[c] / Math.Max(1, rows);
            var spread = square - (average * average);
            mean[c] = (float)average;
            // Cancellation leaves about 1e-16 of the mean square in a constant column.
            scale[c] = spread > 1e-12 * square && spread > 0 ? (float)(1 / Math.Sqrt(spread)) : 0;
        }

        return new ColumnScale(mean, scale);
    }
}
