using System.Buffers;

namespace Pedigree.Numerics;

/// <summary>Correlation coefficients. What cannot be computed is NaN, never zero.</summary>
internal static class Correlation
{
    /// <summary>Pearson's product-moment correlation.</summary>
    /// <param name="x">Finite numbers of any scale.</param>
    /// <param name="y">As many finite numbers.</param>
    /// <returns>In [-1, 1]; NaN with fewer than two pairs, when a side is constant, or when an entry is not finite.</returns>
    /// <remarks>Two passes with compensated sums: the error does not grow with the number of pairs or with a common offset.</remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    internal static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequireSameLength(x, y);
        var (meanOfX, spreadOfX) = Center(x);
        var (meanOfY, spreadOfY) = Center(y);

        // Not "<= 0": a spread that is NaN must end here too.
        if (!(spreadOfX > 0 && spreadOfY > 0) || double.IsInfinity(spreadOfX) || double.IsInfinity(spreadOfY))
        {
            return double.NaN;
        }

        CompensatedSum product = default, squareOfX = default, squareOfY = default;
        for (var i = 0; i < x.Length; i++)
        {
            var deviationOfX = (x[i] - meanOfX) / spreadOfX;
            var deviationOfY = (y[i] - meanOfY) / spreadOfY;
            product.Add(deviationOfX * deviationOfY);
            squareOfX.Add(deviationOfX * deviationOfX);
            squareOfY.Add(deviationOfY * deviationOfY);
        }

        return Math.Clamp(product.Value / Math.Sqrt(squareOfX.Value * squareOfY.Value), -1, 1);
    }

    /// <summary>Spearman's rank correlation: Pearson's correlation of average ranks.</summary>
    /// <param name="x">Numbers; infinities rank as numbers do.</param>
    /// <param name="y">As many numbers.</param>
    /// <returns>In [-1, 1]; NaN with fewer than two pairs, when a side is constant, or when an entry is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    internal static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequireSameLength(x, y);
        var length = x.Length;
        var buffer = ArrayPool<double>.Shared.Rent(checked(2 * length));
        try
        {
            var ranksOfX = buffer.AsSpan(0, length);
            var ranksOfY = buffer.AsSpan(length, length);
            return TryRank(x, ranksOfX) && TryRank(y, ranksOfY) ? Pearson(ranksOfX, ranksOfY) : double.NaN;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>Ranks numbers from 1 in ascending order; equal numbers share the average of their ranks.</summary>
    /// <param name="values">Numbers to rank.</param>
    /// <param name="ranks">Receives the ranks; of the same length.</param>
    /// <returns>False when an entry is NaN and has no rank; the ranks are then undefined.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    internal static bool TryRank(ReadOnlySpan<double> values, Span<double> ranks)
    {
        RequireSameLength(values, ranks);
        var length = values.Length;
        var sortedBuffer = ArrayPool<double>.Shared.Rent(length);
        var orderBuffer = ArrayPool<int>.Shared.Rent(length);
        try
        {
            var sorted = sortedBuffer.AsSpan(0, length);
            var order = orderBuffer.AsSpan(0, length);
            for (var i = 0; i < length; i++)
            {
                if (double.IsNaN(values[i]))
                {
                    return false;
                }

                sorted[i] = values[i];
                order[i] = i;
            }

            sorted.Sort(order);
            for (int first = 0, end; first < length; first = end)
            {
                for (end = first + 1; end < length && sorted[end] == sorted[first]; end++)
                {
                }

                foreach (var index in order[first..end])
                {
                    ranks[index] = (first + 1 + end) / 2.0;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(sortedBuffer);
            ArrayPool<int>.Shared.Return(orderBuffer);
        }
    }

    /// <summary>The mean, and the largest deviation from it: exactly zero when all values are equal.</summary>
    private static (double Mean, double Spread) Center(ReadOnlySpan<double> values)
    {
        if (values.Length < 2 || values.IndexOfAnyExcept(values[0]) < 0)
        {
            return (0, 0);
        }

        CompensatedSum sum = default;
        foreach (var value in values)
        {
            sum.Add(value / values.Length);
        }

        var spread = 0.0;
        foreach (var value in values)
        {
            spread = Math.Max(spread, Math.Abs(value - sum.Value));
        }

        return (sum.Value, spread);
    }

    private static void RequireSameLength(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException("The spans differ in length.", nameof(y));
        }
    }
}
