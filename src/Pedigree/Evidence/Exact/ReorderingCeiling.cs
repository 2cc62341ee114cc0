namespace Pedigree.Evidence.Exact;

/// <summary>The largest mean similarity that reordering an unrelated model can give to a share of its seats.</summary>
/// <remarks>
/// Whoever reorders the n units of an unrelated model gives each seat at best the most similar of n units. The mean over the best share q of
/// seats is therefore at most the mean of the top share q of row maxima. A row maximum exceeds t with probability 1 - (1 - S(t))^n, so the one
/// that a share v exceeds has S = 1 - (1 - v)^(1/n), about -ln(1 - v)/n; for q = 1 and normal rows of dimension d this is about sqrt(2 ln n / d).
/// It bounds linear assignment as well, which gives up maxima to stay one-to-one.
/// </remarks>
internal static class ReorderingCeiling
{
    private const int Strata = 256;

    /// <summary>Standard errors that sampling may add to the mean at level 1e-6 (one-sided normal).</summary>
    public const double Deviates = 4.7534243088;

    /// <summary>Mean and standard deviation of the top share of row maxima.</summary>
    /// <param name="tail">Similarity of unrelated units.</param>
    /// <param name="seats">All seats n of the group, sampled or not.</param>
    /// <param name="share">Share q of seats that agree, above 0 and at most 1.</param>
    public static (double Mean, double Deviation) TopMaxima(NullTail tail, int seats, double share)
    {
        double sum = 0, squares = 0;
        for (var stratum = 0; stratum < Strata; stratum++)
        {
            var exceeded = Math.Min(share, 1 - 1e-12) * ((stratum + 0.5) / Strata);
            var survival = -double.ExpM1(Log1P(-exceeded) / seats);
            var value = tail.Quantile(Math.Clamp(survival, 1e-300, 1 - 1e-9));
            sum += value;
            squares += value * value;
        }

        var mean = sum / Strata;
        return (mean, Math.Sqrt(Math.Max(0, (squares / Strata) - (mean * mean))));
    }

    private static double Log1P(double x) => double.LogP1(x);
}
