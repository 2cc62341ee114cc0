namespace Pedigree.Zoo.Models;

/// <summary>A matrix or vector of 32-bit floats, stored row by row.</summary>
/// <param name="rows">Rows; 1 for a vector.</param>
/// <param name="columns">Columns.</param>
/// <param name="values">rows·columns values.</param>
internal sealed class Weights(int rows, int columns, float[] values)
{
    /// <summary>Zeros.</summary>
    public Weights(int rows, int columns)
        : this(rows, columns, new float[rows * columns])
    {
    }

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public float[] Values { get; } = values.Length == rows * columns ? values : throw new ArgumentException($"{values.Length} values do not fill {rows} x {columns}", nameof(values));

    public Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    public Weights Copy() => new(Rows, Columns, [.. Values]);

    /// <summary>A matrix whose rows are rows of this one; -1 asks for a row of zeros.</summary>
    /// <param name="sources">For each new row, the row it is taken from.</param>
    /// <param name="factors">Multiplies each new row; null for one.</param>
    public Weights GatherRows(ReadOnlySpan<int> sources, ReadOnlySpan<double> factors = default)
    {
        var gathered = new Weights(sources.Length, Columns);
        for (var row = 0; row < sources.Length; row++)
        {
            if (sources[row] >= 0)
            {
                Scaled(Row(sources[row]), factors.IsEmpty ? 1 : factors[row], gathered.Row(row));
            }
        }

        return gathered;
    }

    /// <summary>A matrix whose columns are columns of this one; -1 asks for a column of zeros.</summary>
    /// <param name="sources">For each new column, the column it is taken from.</param>
    /// <param name="factors">Multiplies each new column; null for one.</param>
    public Weights GatherColumns(ReadOnlySpan<int> sources, ReadOnlySpan<double> factors = default)
    {
        var gathered = new Weights(Rows, sources.Length);
        for (var row = 0; row < Rows; row++)
        {
            var from = Row(row);
            var to = gathered.Row(row);
            for (var column = 0; column < sources.Length; column++)
            {
                to[column] = sources[column] < 0 ? 0 : (float)(from[sources[column]] * (factors.IsEmpty ? 1 : factors[column]));
            }
        }

        return gathered;
    }

    /// <summary>Multiplies every column by a factor of its own.</summary>
    public Weights ScaleColumns(ReadOnlySpan<double> factors)
    {
        for (var row = 0; row < Rows; row++)
        {
            var values = Row(row);
            for (var column = 0; column < Columns; column++)
            {
                values[column] = (float)(values[column] * factors[column]);
            }
        }

        return this;
    }

    /// <summary>Multiplies every row by a factor of its own.</summary>
    public Weights ScaleRows(ReadOnlySpan<double> factors)
    {
        for (var row = 0; row < Rows; row++)
        {
            Scaled(Row(row), factors[row], Row(row));
        }

        return this;
    }

    /// <summary>Multiplies one row.</summary>
    public void ScaleRow(int row, double factor) => Scaled(Row(row), factor, Row(row));

    /// <summary>The matrix with rows and columns exchanged.</summary>
    public Weights Transpose()
    {
        var transposed = new Weights(Columns, Rows);
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                transposed.Values[(column * Rows) + row] = Values[(row * Columns) + column];
            }
        }

        return transposed;
    }

    /// <summary>Changes each value.</summary>
    public Weights Map(Func<float, float> change)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = change(Values[i]);
        }

        return this;
    }

    /// <summary>Root of the mean square of all values.</summary>
    public double RootMeanSquare()
    {
        var sum = 0.0;
        foreach (var value in Values)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum / Math.Max(1, Values.Length));
    }

    private static void Scaled(ReadOnlySpan<float> from, double factor, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = (float)(from[i] * factor);
        }
    }
}
