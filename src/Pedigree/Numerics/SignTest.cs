namespace Pedigree.Numerics;

/// <summary>The sign test: how often as many of n fair coins come up heads (Conover, "Practical Nonparametric Statistics", section 3.4).</summary>
internal static class SignTest
{
    /// <summary>The most coins: 2⁻ⁿ must be a normal number.</summary>
    public const int Most = 1000;

    /// <summary>P(X ≥ k) for X ~ Binomial(n, ½), summed from the smallest term.</summary>
    /// <param name="heads">k, 0 to <paramref name="coins"/>.</param>
    /// <param name="coins">n, 0 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static double UpperTail(int heads, int coins)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(coins, Most);
        ArgumentOutOfRangeException.ThrowIfNegative(heads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(heads, coins);
        double term = Math.ScaleB(1, -coins), sum = term;
        for (var k = coins; k > heads; k--)
        {
            term *= k / (coins - k + 1.0);
            sum += term;
        }

        return Math.Min(1, sum);
    }
}
