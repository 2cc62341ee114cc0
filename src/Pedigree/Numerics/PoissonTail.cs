namespace Pedigree.Numerics;

/// <summary>The upper tail of a Poisson count, bounded in base-10 logarithms.</summary>
internal static class PoissonTail
{
    /// <summary>Chernoff's bound: P(X ≥ k) ≤ e^(k-λ) (λ/k)^k for k &gt; λ (Mitzenmacher and Upfal, "Probability and Computing", theorem 5.4).</summary>
    /// <param name="count">k, zero or more.</param>
    /// <param name="mean">λ, zero or more.</param>
    /// <returns>At most 0; negative infinity when the mean is 0 and the count is not.</returns>
    public static double Log10Bound(int count, double mean) =>
        count <= mean ? 0 : (count - mean + (count * Math.Log(mean / count))) / Math.Log(10);
}
