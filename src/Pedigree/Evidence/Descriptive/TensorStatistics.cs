using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>What one pass over a tensor shows. Values are taken as 32-bit floats, decoded where they are stored packed. Figures without a value are null, never 0.</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Mean of the finite values; null without any.</param>
/// <param name="Deviation">Population standard deviation of the finite values; null without any.</param>
/// <param name="ExcessKurtosis">Fourth central moment over the squared variance, less 3: 0 for normal values; null without spread, or where values of very
/// different size leave no precision for it.</param>
/// <param name="Minimum">Smallest finite value; null without any.</param>
/// <param name="Maximum">Largest finite value; null without any.</param>
/// <param name="ZeroShare">Share of values that are exactly zero, 0 to 1.</param>
/// <param name="NotNumberShare">Share of values that are not a number.</param>
/// <param name="InfiniteShare">Share of values that are infinite, or beyond a 32-bit float.</param>
/// <param name="Rows">Rows: runs of values along the last dimension.</param>
/// <param name="ZeroRows">Rows of nothing but zeros: padding, or dead units.</param>
/// <param name="DuplicateRows">Other rows that repeat an earlier row bit by bit (by a 64-bit hash, which errs once in 10^7 tensors of a million unlike rows); null where rows
/// are shorter than 16 values, so that they repeat by chance, or more than four million.</param>
/// <param name="Columns">Columns: places along the last dimension; null for less than two dimensions or more than a million columns.</param>
/// <param name="ZeroColumns">Columns of nothing but zeros; null where there are no columns.</param>
public sealed record TensorStatistics(
    long Count, double? Mean, double? Deviation, double? ExcessKurtosis, double? Minimum, double? Maximum,
    double ZeroShare, double NotNumberShare, double InfiniteShare, long Rows, long ZeroRows, long? DuplicateRows, long? Columns, long? ZeroColumns)
{
    /// <summary>Reads tensors once, 16,384 values at a time, and measures them. The figures are the same bits on every machine and number of threads.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>One entry a tensor; null for an empty tensor and one that holds whole numbers.</returns>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static IReadOnlyList<TensorStatistics?> OfAll(ITensorSource source, IReadOnlyList<StoredTensor> tensors, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return StatisticsPass.Run(source, tensors, threads, cancellation);
    }

    /// <summary>Turns sums into figures.</summary>
    internal static TensorStatistics From(
        long count, in MomentSums sums, float pivot, float scale, long rows, long zeroRows, long? duplicateRows, long? columns, long? zeroColumns)
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
            (double)sums.Zeros / count, (double)sums.NotNumbers / count, (double)sums.Infinite / count, rows, zeroRows, duplicateRows, columns, zeroColumns);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
