using System.Buffers;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>What one pass over a tensor shows. Figures without a value are null, never 0.</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Mean of the finite values; null without any.</param>
/// <param name="Deviation">Population standard deviation of the finite values; null without any.</param>
/// <param name="ExcessKurtosis">Fourth central moment over the squared variance, less 3: 0 for normal values; null without spread, or where values of very
/// different size leave no precision for it.</param>
/// <param name="Minimum">Smallest finite value; null without any.</param>
/// <param name="Maximum">Largest finite value; null without any.</param>
/// <param name="ZeroShare">Share of values that are exactly zero, 0 to 1.</param>
/// <param name="NotNumberShare">Share of values that are not a number.</param>
/// <param name="InfiniteShare">Share of infinite values.</param>
/// <param name="Rows">Rows: runs of values along the last dimension.</param>
/// <param name="ZeroRows">Rows of nothing but zeros: padding, or dead units.</param>
/// <param name="DuplicateRows">Other rows that repeat an earlier row bit by bit (by a 64-bit hash, which errs once in 10^7 tensors of a million rows); null where rows
/// are shorter than 16 values, so that they repeat by chance, or more than four million.</param>
public sealed record TensorStatistics(
    long Count, double? Mean, double? Deviation, double? ExcessKurtosis, double? Minimum, double? Maximum,
    double ZeroShare, double NotNumberShare, double InfiniteShare, long Rows, long ZeroRows, long? DuplicateRows)
{
    private const int Chunk = 1 << 16;

    /// <summary>Reads a tensor once, 256 KB at a time, and measures it. The figures are the same bits on every machine and number of threads.</summary>
    /// <param name="reader">Reads values.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The statistics; null for an empty tensor or one that does not hold floating-point values.</returns>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static TensorStatistics? Of(WeightReader reader, StoredTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Count == 0 || !tensor.Type.IsFloating())
        {
            return null;
        }

        var columns = tensor.Shape.Length > 1 ? tensor.Shape[^1] : tensor.Count;
        // Whole rows at a time, or pieces of one row, so that equal rows are cut alike.
        var step = columns >= Chunk ? Chunk : Chunk / columns * columns;
        var buffer = ArrayPool<float>.Shared.Rent((int)Math.Min(step, tensor.Count));
        try
        {
            var sums = new MomentSums();
            var rows = new RowCounter(tensor.Count / columns, columns);
            var (pivot, scale) = Centre(reader, tensor);
            for (long at = 0; at < tensor.Count;)
            {
                var values = buffer.AsSpan(0, (int)Math.Min(step, columns >= Chunk ? columns - (at % columns) : tensor.Count - at));
                reader.ReadRows(new TensorView(tensor, 1, values.Length, at, values.Length, 1), 0, 1, values);
                MomentKernel.Add(values, pivot, scale, ref sums);
                rows.Add(values);
                at += values.Length;
            }

            return From(tensor.Count, sums, pivot, scale, rows);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Measures tensors on several threads, in their order.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>One entry a tensor; null as in <see cref="Of"/>.</returns>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static IReadOnlyList<TensorStatistics?> OfAll(ITensorSource source, IReadOnlyList<StoredTensor> tensors, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var reader = new WeightReader(source);
        var measured = new TensorStatistics?[tensors.Count];
        Parallel.For(0, tensors.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, index =>
            measured[index] = Of(reader, tensors[index]));
        return measured;
    }

    // A few runs tell where values lie and, within a power of two, how far they spread.
    private static (float Pivot, float Scale) Centre(WeightReader reader, StoredTensor tensor)
    {
        const int runs = 16;
        var values = new float[(int)Math.Min(256, tensor.Count)];
        double sum = 0, largest = 0;
        var count = 0;
        for (var run = 0; run < runs; run++)
        {
            var at = (tensor.Count - values.Length) / (runs - 1) * run;
            reader.ReadRows(new TensorView(tensor, 1, values.Length, at, values.Length, 1), 0, 1, values);
            foreach (var value in values)
            {
                if (float.IsFinite(value))
                {
                    sum += value;
                    largest = Math.Max(largest, Math.Abs((double)value));
                    count++;
                }
            }
        }

        var pivot = count > 0 ? (float)(sum / count) : 0;
        return (pivot, largest > 0 ? (float)Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -126, 126)) : 1);
    }

    private static TensorStatistics From(long count, in MomentSums sums, float pivot, float scale, RowCounter rows)
    {
        double? mean = null, deviation = null, kurtosis = null;
        if (sums.Finite > 0)
        {
            double n = sums.Finite;
            var shift = sums.First / n;
            var variance = Math.Max(0, (sums.Second / n) - (shift * shift));
            mean = Finite(pivot + (shift / scale));
            deviation = Finite(Math.Sqrt(variance) / scale);
            // Central from raw moments; the pivot keeps the shift small.
            var fourth = (sums.Fourth / n) - (4 * shift * sums.Third / n) + (6 * shift * shift * sums.Second / n) - (3 * shift * shift * shift * shift);
            var ratio = fourth / (variance * variance);
            // The ratio is never below 1.
            kurtosis = variance > 1e-12 * (sums.Second / n) && ratio > 0.999 ? Finite(ratio - 3) : null;
        }

        return new TensorStatistics(
            count, mean, deviation, kurtosis, sums.Finite > 0 ? sums.Minimum : null, sums.Finite > 0 ? sums.Maximum : null,
            (double)sums.Zeros / count, (double)sums.NotNumbers / count, (double)sums.Infinite / count, rows.Rows, rows.Zero, rows.Duplicates);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
