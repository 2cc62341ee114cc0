namespace Pedigree.Units;

/// <summary>Brings rows to a form in which free choices of scale no longer show, without using the order of units.</summary>
internal static class Standardisation
{
    /// <summary>Subtracts the mean of every column and divides by its root mean square over the rows. Norm gains folded into the columns
    /// (methods S3), residual scale (S4) and shared outlier dimensions drop out. A column without spread becomes zero.</summary>
    /// <param name="values">rows × columns, changed in place.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="centre">Whether to subtract the mean; not for a handful of rows, where it would tie them together.</param>
    /// <param name="counted">Rows that enter mean and square; empty for all. Dead units and copies of others must not: a mean that counts a unit twice
    /// makes it less like all the others, and where such units stand together that looks like structure of the order.</param>
    public static void Columns(Span<float> values, int rows, int columns, bool centre, ReadOnlySpan<bool> counted = default)
    {
        var sum = new double[columns];
        var squares = new double[columns];
        var used = 0;
        for (var r = 0; r < rows; r++)
        {
            if (!counted.IsEmpty && !counted[r])
            {
                continue;
            }

            used++;
            var row = values.Slice(r * columns, columns);
            for (var c = 0; c < columns; c++)
            {
                // A value that is not finite must not spoil its whole column; its own row is discarded later.
                var value = float.IsFinite(row[c]) ? row[c] : 0.0;
                sum[c] += value;
                squares[c] += value * value;
            }
        }

        for (var c = 0; c < columns; c++)
        {
            var mean = centre && used > 0 ? sum[c] / used : 0;
            var square = squares[c] / Math.Max(1, used);
            var spread = square - (mean * mean);
            sum[c] = mean;
            // Cancellation leaves about 1e-16 of the mean square in a constant column.
            squares[c] = spread > 1e-12 * square && spread > 0 ? 1 / Math.Sqrt(spread) : 0;
        }

        for (var r = 0; r < rows; r++)
        {
            var row = values.Slice(r * columns, columns);
            for (var c = 0; c < columns; c++)
            {
                row[c] = (float)((row[c] - sum[c]) * squares[c]);
            }
        }
    }

    /// <summary>Divides every row by its length.</summary>
    /// <param name="values">rows × columns, changed in place.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="lengths">Receives the lengths before division; NaN where a row is zero or not finite, and the row becomes zero.</param>
    public static void Rows(Span<float> values, int rows, int columns, Span<double> lengths)
    {
        for (var r = 0; r < rows; r++)
        {
            var row = values.Slice(r * columns, columns);
            double square = 0;
            for (var c = 0; c < columns; c++)
            {
                square += (double)row[c] * row[c];
            }

            if (square > 0 && double.IsFinite(square))
            {
                lengths[r] = Math.Sqrt(square);
                var scale = 1 / lengths[r];
                for (var c = 0; c < columns; c++)
                {
                    row[c] = (float)(row[c] * scale);
                }
            }
            else
            {
                lengths[r] = double.NaN;
                row.Clear();
            }
        }
    }

    /// <summary>Lengths of rows, without changing them; NaN where a row is not finite.</summary>
    public static double[] Lengths(ReadOnlySpan<float> values, int rows, int columns)
    {
        var lengths = new double[rows];
        for (var r = 0; r < rows; r++)
        {
            double square = 0;
            foreach (var value in values.Slice(r * columns, columns))
            {
                square += (double)value * value;
            }

            lengths[r] = double.IsFinite(square) ? Math.Sqrt(square) : double.NaN;
        }

        return lengths;
    }
}
