namespace Pedigree.Numerics;

/// <summary>Tails of the normal distribution, in base-10 logarithms so that they do not underflow.</summary>
internal static partial class LogProbability
{
    // Below this the power series of the distribution loses fewer than two digits to cancellation; above, the fraction converges fast.
    private const double SeriesLimit = 2.5;

    private const double InverseRootTwoPi = 0.39894228040143267794;
    private const double LogRootTwoPi = 0.91893853320467274178;
    private const double LogTen = 2.30258509299404568402;

    /// <summary>Density of the standard normal distribution.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>exp(-z²/2) / √(2π), in [0, 0.3990].</returns>
    internal static double NormalDensity(double z) => InverseRootTwoPi * Math.Exp(-0.5 * z * z);

    /// <summary>Probability that a standard normal variable exceeds <paramref name="z"/>.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>A probability in [0, 1]; relative error below 1e-12 for z up to 37, zero from about 38.5.</returns>
    internal static double NormalSurvival(double z)
    {
        if (z < 0)
        {
            return 1 - NormalSurvival(-z);
        }

        return z < SeriesLimit ? 0.5 - BodyToMean(z) : NormalDensity(z) * MillsRatio(z);
    }

    /// <summary>log10 of the probability that a standard normal variable exceeds <paramref name="z"/>.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>
    /// At most zero; relative error of the logarithm below 1e-12 for z from -37 to 1e150.
    /// Negative infinity where z² overflows, zero where the probability of the complement underflows.
    /// </returns>
    internal static double Log10UpperNormal(double z)
    {
        if (z < 0)
        {
            return Log10Complement(NormalSurvival(-z));
        }

        return NaturalLogUpperNormal(z, MillsRatio(z)) / LogTen;
    }

    /// <summary>The number that a standard normal variable exceeds with the given probability: inverse of <see cref="NormalSurvival"/>.</summary>
    /// <param name="probability">In [0, 1].</param>
    /// <returns>Positive below one half, infinite at 0 and 1; absolute error below 1e-12 from 1e-300 to 1 - 1e-16.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is outside [0, 1].</exception>
    internal static double NormalQuantileOfSurvival(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        return probability > 0.5 ? -UpperQuantile(Math.Log(1 - probability)) : UpperQuantile(Math.Log(probability));
    }

    /// <summary>The number that a standard normal variable exceeds with probability 10^<paramref name="log10Probability"/>; for tails beyond the range of double.</summary>
    /// <param name="log10Probability">Zero or less.</param>
    /// <returns>Relative error below 1e-12 for tails below one half.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="log10Probability"/> is positive.</exception>
    internal static double NormalQuantileOfLog10Survival(double log10Probability)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log10Probability, 0);
        var logarithm = log10Probability * LogTen;
        return logarithm > -0.69 ? NormalQuantileOfSurvival(Math.Exp(logarithm)) : UpperQuantile(logarithm);
    }

    /// <summary>log10(10^<paramref name="left"/> + 10^<paramref name="right"/>), without leaving the logarithm.</summary>
    /// <param name="left">Any number or negative infinity.</param>
    /// <param name="right">Any number or negative infinity.</param>
    internal static double Log10Add(double left, double right)
    {
        var (high, low) = left >= right ? (left, right) : (right, left);
        return double.IsNegativeInfinity(low) ? high : high + LogOnePlus(Math.Exp((low - high) * LogTen)) / LogTen;
    }

    /// <summary>log10(1 - <paramref name="probability"/>), accurate for small probabilities.</summary>
    /// <param name="probability">In [0, 1].</param>
    internal static double Log10Complement(double probability) => probability == 0 ? 0 : LogOnePlus(-probability) / LogTen;

    /// <summary>ln(1 + x) without loss for small x. For x above -1.</summary>
    /// <remarks>Source: Kahan's correction, in Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, section 1.14.1.</remarks>
    internal static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        if (sum == 1)
        {
            return x;
        }

        return Math.Abs(x) > 0.5 ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    private static double UpperQuantile(double logarithm)
    {
        if (double.IsNaN(logarithm) || double.IsNegativeInfinity(logarithm))
        {
            return -logarithm;
        }

        // Start: Abramowitz and Stegun, formula 26.2.23, absolute error below 4.5e-4. Each Newton step on the logarithm squares the error, so the step after a
        // step of 1e-7 changes nothing more.
        var t = Math.Sqrt(-2 * logarithm);
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (var step = 0; step < 4; step++)
        {
            z = Math.Max(z, 0);
            var ratio = MillsRatio(z);
            var change = (NaturalLogUpperNormal(z, ratio) - logarithm) * ratio;
            z += change;
            if (Math.Abs(change) < 1e-8)
            {
                break;
            }
        }

        return z;
    }

    private static double NaturalLogUpperNormal(double z, double ratio) => Math.Log(ratio) - 0.5 * z * z - LogRootTwoPi;

    /// <summary>Probability between 0 and z, for z from 0 to <see cref="SeriesLimit"/>. Source: Abramowitz and Stegun, formula 26.2.11.</summary>
    private static double BodyToMean(double z)
    {
        var square = z * z;
        var term = z;
        var sum = z;
        for (var odd = 3; term > sum * 1e-17; odd += 2)
        {
            term *= square / odd;
            sum += term;
        }

        return NormalDensity(z) * sum;
    }

    /// <summary>Survival divided by density, for z of zero or more. Source: Abramowitz and Stegun, formula 26.2.14.</summary>
    private static double MillsRatio(double z)
    {
        if (z < SeriesLimit)
        {
            return (0.5 - BodyToMean(z)) / NormalDensity(z);
        }

        // A tenth more than a double needs, found by comparing with 2,000 terms from 2.5 to 40.
        var terms = unchecked((int)(420 / (z * z))) + 12;
        var tail = z;
        for (var term = terms; term >= 1; term--)
        {
            tail = z + term / tail;
        }

        return 1 / tail;
    }
}
