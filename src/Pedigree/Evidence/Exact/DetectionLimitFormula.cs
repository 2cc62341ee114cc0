namespace Pedigree.Evidence.Exact;

/// <summary>The smallest row cosine at which the whole rule (hits and companion check) finds inheritance in every group of a test.</summary>
/// <remarks>
/// With hit rate r(c), mean h(c) and deviation s(c) of the similarity of hits from <see cref="HitRate"/>, N units in G groups give N·r hits with variance N·r(1-r).
/// Both conditions must hold at the quantile 1 - power: the bound on p at the low quantile of the number of hits, and h above the ceiling of
/// <see cref="ReorderingCeiling"/> at share r plus its margin plus the sampling error of h. The smallest c is found by bisection.
/// </remarks>
internal static class DetectionLimitFormula
{
    /// <summary>Probability of finding an inheritance at the limit.</summary>
    public const double Power = 0.95;

    // One-sided 95 % normal quantile.
    private const double PowerDeviate = 1.6448536270;

    /// <summary>The limit, or null when even identical rows could not be found with so few units.</summary>
    /// <param name="tail">Similarity of unrelated units.</param>
    /// <param name="groups">Groups G.</param>
    /// <param name="unitsPerGroup">Units m of a group that are matched among themselves.</param>
    /// <param name="totalSeats">All seats n of a group.</param>
    /// <param name="log10Level">Decimal log of the p that this test needs, all corrections included.</param>
    /// <param name="allowance">What is added to the ceiling, see <see cref="Units.UnitGroup.Allowance"/>.</param>
    public static double? RowCosine(NullTail tail, int groups, int unitsPerGroup, int totalSeats, double log10Level, double allowance = 0)
    {
        if (!Finds(tail, groups, unitsPerGroup, totalSeats, log10Level, allowance, 0.999))
        {
            return null;
        }

        double low = 0, high = 0.999;
        while (high - low > 1e-4)
        {
            var middle = (low + high) / 2;
            if (Finds(tail, groups, unitsPerGroup, totalSeats, log10Level, allowance, middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    private static bool Finds(NullTail tail, int groups, int unitsPerGroup, int totalSeats, double log10Level, double allowance, double cosine)
    {
        var (rate, mean, deviation) = HitRate.Of(tail, unitsPerGroup, cosine);
        var units = (double)groups * unitsPerGroup;
        var expected = units * rate;
        if (expected < 1)
        {
            return false;
        }

        var fewest = (int)Math.Floor(expected - (PowerDeviate * Math.Sqrt(expected * (1 - rate))));
        if (fewest < 1 || Numerics.FixedPoints.Log10OrderBound(groups, fewest) > log10Level)
        {
            return false;
        }

        var (ceiling, spread) = ReorderingCeiling.TopMaxima(tail, totalSeats, rate);
        var error = Math.Sqrt(expected);
        return mean - (PowerDeviate * deviation / error) > ceiling + allowance + (ReorderingCeiling.Deviates * spread / error);
    }
}
