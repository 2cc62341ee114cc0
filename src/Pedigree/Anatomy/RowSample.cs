using System.Numerics;
using Pedigree.Numerics;

namespace Pedigree.Anatomy;

/// <summary>Some rows of a matrix, cut to some columns, and how they lie to each other. Rows are spread evenly, so that no head or block of neurons dominates.</summary>
internal sealed class RowSample
{
    private readonly float[] _values;

    private RowSample(float[] values, double[] logNorms, int columns)
    {
        _values = values;
        LogNorms = logNorms;
        Columns = columns;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => LogNorms.Count;

    /// <summary>Number of columns that were read.</summary>
    public int Columns { get; }

    /// <summary>Natural logarithm of each row's norm over the columns read; rows without a finite positive norm have 0 and count as zero vectors.</summary>
    public IReadOnlyList<double> LogNorms { get; }

    /// <summary>Reads at most <paramref name="mostRows"/> × <paramref name="mostColumns"/> values.</summary>
    public static RowSample Spread(WeightReader reader, TensorView view, int mostRows, int mostColumns)
    {
        var step = Math.Max(1, view.Rows / mostRows);
        var rows = Math.Min(mostRows, view.Rows);
        if (view.RowBlocks is null)
        {
            return Read(reader, view with { Rows = rows, RowStride = view.RowStride * step }, mostColumns);
        }

        var cut = view.ColumnRange(0, Math.Min(mostColumns, view.Columns));
        var values = new float[rows * cut.Columns];
        for (var row = 0; row < rows; row++)
        {
            reader.ReadRows(cut, row * step, 1, values.AsSpan(row * cut.Columns, cut.Columns));
        }

        return Of(values, rows, cut.Columns);
    }

    /// <summary>Reads the first rows, one after another.</summary>
    public static RowSample First(WeightReader reader, TensorView view, int mostRows, int mostColumns) =>
        Read(reader, view with { Rows = Math.Min(mostRows, view.Rows) }, mostColumns);

    private static RowSample Read(WeightReader reader, TensorView view, int mostColumns)
    {
        var cut = view with { Columns = Math.Min(mostColumns, view.Columns) };
        var values = new float[cut.Rows * cut.Columns];
        reader.ReadRows(cut, 0, cut.Rows, values);
        return Of(values, cut.Rows, cut.Columns);
    }

    private static RowSample Of(float[] values, int rows, int columns)
    {
        var logNorms = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var span = values.AsSpan(row * columns, columns);
            var squares = 0.0;
            foreach (var value in span)
            {
                squares += (double)value * value;
            }

            if (squares > 0 && double.IsFinite(squares))
            {
                var scale = 1 / Math.Sqrt(squares);
                foreach (ref var value in span)
                {
                    value = (float)(value * scale);
                }

                logNorms[row] = Math.Log(squares) / 2;
            }
            else
            {
                span.Clear();
            }
        }

        return new RowSample(values, logNorms, columns);
    }

    /// <summary>A row, scaled to length 1.</summary>
    public ReadOnlySpan<float> Unit(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>Cosines of all rows with all rows, Rows × Rows.</summary>
    public float[] Products()
    {
        var products = new float[Rows * Rows];
        RowProducts.Multiply(_values, Rows, _values, Rows, Columns, products);
        return products;
    }

    /// <summary>Cosine of two rows.</summary>
    public static double Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = Vector<float>.Zero;
        var at = 0;
        for (; at <= first.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            sum += new Vector<float>(first[at..]) * new Vector<float>(second[at..]);
        }

        double total = Vector.Sum(sum);
        for (; at < first.Length; at++)
        {
            total += first[at] * second[at];
        }

        return total;
    }

    /// <summary>Mean squared cosine between the rows of two samples, times the number of columns: 1 where they have nothing to do with each other.
    /// Invariant under a rotation of the columns when all columns were read.</summary>
    public static double Affinity(RowSample first, RowSample second)
    {
        var columns = Math.Min(first.Columns, second.Columns);
        var sum = 0.0;
        for (var i = 0; i < first.Rows; i++)
        {
            for (var j = 0; j < second.Rows; j++)
            {
                var cosine = Cosine(first.Unit(i)[..columns], second.Unit(j)[..columns]);
                sum += cosine * cosine;
            }
        }

        return sum / first.Rows / second.Rows * columns;
    }

    /// <summary>Squared length of the sum of the unit rows over their number: 1 for rows without a common direction.</summary>
    public double CommonDirection()
    {
        var sum = new double[Columns];
        for (var row = 0; row < Rows; row++)
        {
            var unit = Unit(row);
            for (var column = 0; column < Columns; column++)
            {
                sum[column] += unit[column];
            }
        }

        return sum.Sum(value => value * value) / Rows;
    }
}
