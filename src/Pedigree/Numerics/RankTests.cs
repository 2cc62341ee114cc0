using System.Buffers;

namespace Pedigree.Numerics;

/// <summary>
/// Tests on ranks, as base-10 logarithms of their p-values. Under the null hypothesis every order of the values is equally
/// likely; the values may have any distribution.
/// </summary>
/// <remarks>
/// Both statistics are bounded and have lighter tails than the normal distribution, so the approximation is cautious where it
/// matters. Over all orders of ten values, the true probability of a stated 0.03 or less is never larger; of a stated 0.01 it
/// is 0.6 to 0.8 of that with 16 values and 0.9 with 60. Around 0.1 to 0.2 it is up to 1.11 times as large with ten values.
/// What cannot be computed is NaN, never zero.
/// </remarks>
internal static class RankTests
{
    /// <summary>Fewest values for which the normal approximation is used.</summary>
    internal const int FewestValues = 10;

    /// <summary>Two-sided test for a monotone relation between two quantities.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">As many numbers.</param>
    /// <returns>log10 of the p-value, at most zero; NaN with fewer than ten pairs, when a side is constant, or when an entry is NaN.</returns>
    /// <remarks>
    /// Under all permutations r·√(n - 1) has mean zero and variance one, exactly and with ties.
    /// Source: Kendall and Gibbons, "Rank Correlation Methods", 5th edition, chapter 4.
    /// </remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    internal static double Log10SpearmanTrend(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var correlation = Correlation.Spearman(x, y);
        return x.Length < FewestValues || double.IsNaN(correlation)
            ? double.NaN
            : Math.Min(0, Math.Log10(2) + LogProbability.Log10UpperNormal(Math.Abs(correlation) * Math.Sqrt(x.Length - 1)));
    }

    /// <summary>Two-sided test for a monotone trend along the positions of the values.</summary>
    /// <param name="values">Numbers in the order to test.</param>
    /// <inheritdoc cref="Log10SpearmanTrend(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    internal static double Log10SpearmanTrend(ReadOnlySpan<double> values)
    {
        var buffer = ArrayPool<double>.Shared.Rent(values.Length);
        try
        {
            var positions = buffer.AsSpan(0, values.Length);
            for (var i = 0; i < positions.Length; i++)
            {
                positions[i] = i;
            }

            return Log10SpearmanTrend(positions, values);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>One-sided test for positive serial dependence: neighbours with more similar ranks than chance gives.</summary>
    /// <param name="values">Numbers in the order to test.</param>
    /// <returns>log10 of the p-value, at most zero; NaN with fewer than ten values, when they are constant, or when one is NaN.</returns>
    /// <remarks>
    /// Source: Bartels, "The Rank Version of von Neumann's Ratio Test for Randomness" (Journal of the American Statistical
    /// Association 77, 1982), normal approximation. The variance is that of untied ranks.
    /// </remarks>
    internal static double Log10SerialDependence(ReadOnlySpan<double> values)
    {
        var ratio = VonNeumannRankRatio(values);
        return values.Length < FewestValues || double.IsNaN(ratio)
            ? double.NaN
            : LogProbability.Log10UpperNormal((2 - ratio) / Math.Sqrt(VonNeumannVariance(values.Length)));
    }

    /// <summary>Sum of squared differences of neighbouring ranks, divided by the sum of squared deviations of the ranks.</summary>
    /// <param name="values">Numbers in the order to test.</param>
    /// <returns>From nearly 0 (smooth) over 2 (random) to 4 (alternating); NaN with fewer than two values, when they are constant, or when one is NaN.</returns>
    internal static double VonNeumannRankRatio(ReadOnlySpan<double> values)
    {
        var buffer = ArrayPool<double>.Shared.Rent(values.Length);
        try
        {
            var ranks = buffer.AsSpan(0, values.Length);
            if (values.Length < 2 || !Correlation.TryRank(values, ranks))
            {
                return double.NaN;
            }

            var mean = (values.Length + 1) / 2.0;
            CompensatedSum differences = default, deviations = default;
            for (var i = 0; i < ranks.Length; i++)
            {
                deviations.Add((ranks[i] - mean) * (ranks[i] - mean));
                if (i > 0)
                {
                    differences.Add((ranks[i] - ranks[i - 1]) * (ranks[i] - ranks[i - 1]));
                }
            }

            return deviations.Value > 0 ? differences.Value / deviations.Value : double.NaN;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>Variance of <see cref="VonNeumannRankRatio"/> over all orders of untied values; its mean is 2. Source: Bartels 1982.</summary>
    internal static double VonNeumannVariance(int count)
    {
        var n = (double)count;
        return 4 * (n - 2) * (5 * n * n - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) * (n - 1));
    }
}
