namespace Pedigree.Numerics;

/// <summary>How probable it is that independent random permutations keep many elements in place, as base-10 logarithms.</summary>
internal static class FixedPoints
{
    /// <summary>Largest group that <see cref="Log10Tail"/> accepts.</summary>
    internal const int LargestGroup = 64;

    /// <summary>
    /// log10 of the probability that independent uniform permutations, one for each group, have at least
    /// <paramref name="hits"/> fixed points together.
    /// </summary>
    /// <param name="groups">Number of permutations; one or more. Meant for up to several thousand.</param>
    /// <param name="groupSize">Elements that each permutes, 1 to <see cref="LargestGroup"/>.</param>
    /// <param name="hits">Fixed points observed.</param>
    /// <returns>At most zero, negative infinity when impossible; absolute error below 1e-9, or 1e-12 relative where that is more.</returns>
    /// <remarks>
    /// One permutation has rencontres numbers as its distribution (Riordan, "An Introduction to Combinatorial Analysis", 1958,
    /// chapter 3). Its sum over the groups is convolved by repeated squaring after an exponential tilt that moves the mean to
    /// the observed number (Esscher 1932), so that the part that counts is large and nothing underflows. All terms are
    /// positive; only entries below 1e-25 of the largest are dropped.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range.</exception>
    internal static double Log10Tail(int groups, int groupSize, int hits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groupSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groupSize, LargestGroup);
        var most = checked(groups * groupSize);
        if (hits <= 0 || hits > most)
        {
            return hits <= 0 ? 0 : double.NegativeInfinity;
        }

        if (hits == most)
        {
            return -groups * LogProbability.Log10Factorial(groupSize);
        }

        var single = LogRencontres(groupSize);
        if (hits <= groups)
        {
            // At or below the mean the complement is the smaller and therefore the more accurate sum.
            var (weights, _) = Tilt(single, 0);
            var below = DiscreteDistribution.Power(weights, groups).SumBelow(hits);
            return LogProbability.Log10Complement(Math.Min(below, 1));
        }

        var tilt = FindTilt(single, hits / (double)groups);
        var (tilted, logNorm) = Tilt(single, tilt);
        var sum = DiscreteDistribution.Power(tilted, groups).DiscountedSumFrom(hits, tilt);
        return Math.Min(0, Math.Log10(sum) + (groups * logNorm - tilt * hits) / Math.Log(10));
    }

    /// <summary>An upper bound of <see cref="Log10Tail"/> in closed form, for groups of any sizes.</summary>
    /// <param name="groups">Number of permutations, L; above zero. Need not be whole when it is an expected number of fixed points.</param>
    /// <param name="hits">Fixed points observed, k.</param>
    /// <returns>log10 of the smallest of 1, L^k/k! and, for k above L, e^(k-L)·(L/k)^k.</returns>
    /// <remarks>
    /// The factorial moments of the number of fixed points are at most those of a Poisson variable with mean L. The first bound
    /// is the k-th binomial moment, the second Chernoff's bound.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="groups"/> is not above zero.</exception>
    internal static double Log10OrderBound(double groups, int hits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (hits <= 0)
        {
            return 0;
        }

        var bound = Math.Min(0, hits * Math.Log10(groups) - LogProbability.Log10Factorial(hits));
        if (hits > groups)
        {
            bound = Math.Min(bound, (hits - groups) / Math.Log(10) + hits * Math.Log10(groups / hits));
        }

        return bound;
    }

    /// <summary>log10(1/k!): an upper bound for one permutation of any size to have at least k fixed points.</summary>
    /// <param name="hits">Fixed points observed, k.</param>
    internal static double Log10OneGroupBound(int hits) => hits <= 0 ? 0 : -LogProbability.Log10Factorial(hits);

    /// <summary>
    /// log10 of C(m, k)·(n - k)!/n!: an upper bound for one permutation of n elements to have at least k fixed points among m
    /// elements chosen beforehand.
    /// </summary>
    /// <param name="sampled">Elements looked at, m; zero to <paramref name="size"/>.</param>
    /// <param name="size">Elements permuted, n; zero or more.</param>
    /// <param name="hits">Fixed points observed, k.</param>
    /// <returns>At most zero; negative infinity when k exceeds m. The expected number of k-subsets of the sample that are all fixed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range.</exception>
    internal static double Log10OneSidedSample(int sampled, int size, int hits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampled);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampled, size);
        if (hits <= 0 || hits > sampled)
        {
            return hits <= 0 ? 0 : double.NegativeInfinity;
        }

        // A product of k factors, because differences of log-factorials of large n would cancel.
        CompensatedSum logarithm = default;
        for (var i = 0; i < hits; i++)
        {
            logarithm.Add(Math.Log10((sampled - i) / (double)(size - i)));
        }

        return logarithm.Value - LogProbability.Log10Factorial(hits);
    }

    /// <summary>Natural logarithms of the probabilities of 0 to n fixed points.</summary>
    private static double[] LogRencontres(int size)
    {
        var logarithms = new double[size + 1];
        var derangements = 0.0;
        var inverseFactorial = 1.0;
        for (var moved = 0; moved <= size; moved++)
        {
            // Share of derangements among permutations of the moved elements: an alternating series, exactly zero for one.
            derangements += moved % 2 == 0 ? inverseFactorial : -inverseFactorial;
            inverseFactorial /= moved + 1;
            logarithms[size - moved] = Math.Log(derangements) - LogProbability.Log10Factorial(size - moved) * Math.Log(10);
        }

        return logarithms;
    }

    /// <summary>Multiplies by e^(tilt·j) and normalizes; also returns the logarithm of the norm.</summary>
    private static (double[] Weights, double LogNorm) Tilt(double[] logarithms, double tilt)
    {
        var largest = double.NegativeInfinity;
        for (var j = 0; j < logarithms.Length; j++)
        {
            largest = Math.Max(largest, logarithms[j] + tilt * j);
        }

        var weights = new double[logarithms.Length];
        var sum = 0.0;
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = Math.Exp(logarithms[j] + tilt * j - largest);
            sum += weights[j];
        }

        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] /= sum;
        }

        return (weights, largest + Math.Log(sum));
    }

    /// <summary>Bisects for the tilt that gives the wanted mean, which lies between 1 and the size of the group.</summary>
    private static double FindTilt(double[] logarithms, double mean)
    {
        // At 40 the heaviest entry of the largest group outweighs its neighbour by more than 10^30.
        var (low, high) = (0.0, 40.0);
        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            var weights = Tilt(logarithms, middle).Weights;
            var tiltedMean = 0.0;
            for (var j = 0; j < weights.Length; j++)
            {
                tiltedMean += j * weights[j];
            }

            (low, high) = tiltedMean < mean ? (middle, high) : (low, middle);
        }

        return low;
    }
}
