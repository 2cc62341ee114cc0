namespace Pedigree.Numerics;

/// <content>The gamma function and factorials.</content>
internal static partial class LogProbability
{
    // Stirling's series is exact to the last bit from here.
    private const double StirlingLimit = 15;

    /// <summary>Natural logarithm of the gamma function.</summary>
    /// <param name="x">Above zero.</param>
    /// <returns>Absolute error below 1e-13 for x up to 15, relative error below 1e-14 above; exactly zero at 1 and 2.</returns>
    /// <remarks>Source: Stirling's series, Abramowitz and Stegun, formula 6.1.41, after raising the argument by formula 6.1.16.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is zero or negative.</exception>
    internal static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        if (x is 1 or 2 || double.IsPositiveInfinity(x))
        {
            return x < 3 ? 0 : x;
        }

        var product = 1.0;
        var raised = x;
        for (; raised < StirlingLimit; raised++)
        {
            product *= raised;
        }

        var inverse = 1 / raised;
        var square = inverse * inverse;
        var series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680
            - square * (1.0 / 1188 - square * (691.0 / 360360 - square * (1.0 / 156)))))));
        return (raised - 0.5) * Math.Log(raised) - raised + LogRootTwoPi + series - Math.Log(product);
    }

    /// <summary>log10(<paramref name="n"/>!).</summary>
    /// <param name="n">Zero or more.</param>
    /// <returns>Relative error below 1e-14.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    internal static double Log10Factorial(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (n > 20)
        {
            return LogGamma(n + 1.0) / LogTen;
        }

        var factorial = 1L;
        for (var factor = 2; factor <= n; factor++)
        {
            factorial *= factor;
        }

        return Math.Log10(factorial);
    }
}
