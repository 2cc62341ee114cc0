using System.Buffers;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Standard deviation of the entries of a matrix, from all of them or from pieces.</summary>
/// <param name="Value">Population standard deviation of the entries that were read.</param>
/// <param name="StandardError">Standard error of <paramref name="Value"/> from the differences between pieces; null when everything was read
/// or there are fewer than four pieces.</param>
/// <param name="BytesRead">Bytes read for it.</param>
internal readonly record struct MatrixDeviation(double Value, double? StandardError, long BytesRead)
{
    private const int FewestPiecesForError = 4;

    /// <summary>Measures a matrix from runs of rows; null when an entry is infinite or not a number.</summary>
    /// <param name="reader">Reads the rows.</param>
    /// <param name="view">The matrix.</param>
    /// <param name="runs">Rows to read.</param>
    public static MatrixDeviation? Of(WeightReader reader, TensorView view, IReadOnlyList<RowRun> runs) =>
        From(view, [.. runs.Select(run => Sums(reader, view, run.First, run.Count))]);

    /// <summary>Measures a matrix from about <paramref name="values"/> entries; null when an entry is infinite or not a number. Read are pieces of rows of one
    /// length, in rows at fixed fractions of the height and columns that step by the golden ratio of the width, so that no row or column counts twice as
    /// often as another. The choice depends on sizes only.</summary>
    /// <param name="reader">Reads the pieces.</param>
    /// <param name="view">The matrix.</param>
    /// <param name="values">Entries to read; everything if that is not more.</param>
    public static MatrixDeviation? OfPieces(WeightReader reader, TensorView view, long values)
    {
        if (values >= view.Count)
        {
            return Of(reader, view, RowRuns.Choose(view.Rows, view.Columns, 1, 1));
        }

        const int longest = 256, shortest = 16, wanted = 8;
        const double golden = 0.6180339887498949;
        var length = Math.Min(view.Columns, (int)Math.Clamp(values / wanted, shortest, longest));
        var pieces = (int)Math.Clamp(values / length, FewestPiecesForError, int.MaxValue / 2);
        var parts = new (long Count, double Sum, double Squares)[pieces];
        for (var piece = 0; piece < pieces; piece++)
        {
            var row = (int)(((2L * piece) + 1) * view.Rows / (2L * pieces));
            var column = (int)((((piece + 0.5) * golden) % 1) * (view.Columns - length + 1));
            parts[piece] = Sums(reader, view.ColumnRange(column, length), row, 1);
        }

        return From(view, parts);
    }

    private static MatrixDeviation? From(TensorView view, (long Count, double Sum, double Squares)[] parts)
    {
        var count = parts.Sum(part => part.Count);
        var mean = parts.Sum(part => part.Sum) / count;
        var variance = Math.Max(0, (parts.Sum(part => part.Squares) / count) - (mean * mean));
        if (!double.IsFinite(variance))
        {
            return null;
        }

        var deviation = Math.Sqrt(variance);
        double? error = null;
        if (count < view.Count && parts.Length >= FewestPiecesForError && deviation > 0)
        {
            // Values of one row or head resemble each other, so whole pieces are independent and values are not. se(sd) = se(variance) / (2 sd).
            var variances = parts.Select(part => (part.Squares / part.Count) - (2 * mean * part.Sum / part.Count) + (mean * mean)).ToArray();
            var average = variances.Average();
            var between = variances.Sum(value => (value - average) * (value - average)) / (variances.Length - 1);
            error = Math.Sqrt(between / variances.Length * (1 - ((double)count / view.Count))) / (2 * deviation);
        }

        return new MatrixDeviation(deviation, error, count * view.Tensor.Type.Size());
    }

    private static (long Count, double Sum, double Squares) Sums(WeightReader reader, TensorView view, int first, int rows)
    {
        var length = rows * view.Columns;
        var buffer = ArrayPool<float>.Shared.Rent(length);
        try
        {
            var values = buffer.AsSpan(0, length);
            reader.ReadRows(view, first, rows, values);
            double sum = 0, squares = 0;
            foreach (double value in values)
            {
                sum += value;
                squares += value * value;
            }

            return (length, sum, squares);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }
}
