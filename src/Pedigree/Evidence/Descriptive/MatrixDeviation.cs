using System.Buffers;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Standard deviation of the entries of a matrix, from all rows or from runs of them.</summary>
/// <param name="Value">Population standard deviation of the entries that were read.</param>
/// <param name="StandardError">Standard error of <paramref name="Value"/> from the differences between runs; null when everything was read
/// or there are fewer than four runs.</param>
/// <param name="BytesRead">Bytes read for it.</param>
internal readonly record struct MatrixDeviation(double Value, double? StandardError, long BytesRead)
{
    private const int FewestRunsForError = 4;

    /// <summary>Measures a matrix; null when an entry is infinite or not a number.</summary>
    /// <param name="reader">Reads the rows.</param>
    /// <param name="view">The matrix.</param>
    /// <param name="runs">Rows to read.</param>
    public static MatrixDeviation? Of(WeightReader reader, TensorView view, IReadOnlyList<RowRun> runs)
    {
        var parts = new (long Count, double Sum, double Squares)[runs.Count];
        for (var index = 0; index < runs.Count; index++)
        {
            parts[index] = Sums(reader, view, runs[index]);
        }

        var count = parts.Sum(part => part.Count);
        var mean = parts.Sum(part => part.Sum) / count;
        var variance = Math.Max(0, (parts.Sum(part => part.Squares) / count) - (mean * mean));
        if (!double.IsFinite(variance))
        {
            return null;
        }

        var deviation = Math.Sqrt(variance);
        var rows = RowRuns.Rows(runs);
        double? error = null;
        if (rows < view.Rows && runs.Count >= FewestRunsForError && deviation > 0)
        {
            // Rows of one head resemble each other, so whole runs are the independent pieces. se(sd) = se(variance) / (2 sd).
            var variances = parts.Select(part => (part.Squares / part.Count) - (2 * mean * part.Sum / part.Count) + (mean * mean)).ToArray();
            var average = variances.Average();
            var between = variances.Sum(value => (value - average) * (value - average)) / (variances.Length - 1);
            error = Math.Sqrt(between / variances.Length * (1 - ((double)rows / view.Rows))) / (2 * deviation);
        }

        return new MatrixDeviation(deviation, error, count * view.Tensor.Type.Size());
    }

    private static (long Count, double Sum, double Squares) Sums(WeightReader reader, TensorView view, RowRun run)
    {
        var length = run.Count * view.Columns;
        var buffer = ArrayPool<float>.Shared.Rent(length);
        try
        {
            var values = buffer.AsSpan(0, length);
            reader.ReadRows(view, run.First, run.Count, values);
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
