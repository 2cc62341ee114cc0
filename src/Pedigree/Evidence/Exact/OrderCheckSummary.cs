using Pedigree.Numerics;

namespace Pedigree.Evidence.Exact;

/// <summary>Order checks of all groups of one model, pooled: a weak structure that every layer repeats shows only in the sum.</summary>
/// <param name="Groups">Groups that were large enough to check.</param>
/// <param name="Log10P">Decimal log of p that the most conspicuous of the checks came out so by chance, corrected for the number of checks.</param>
/// <param name="Worst">Which check that was, as a phrase.</param>
internal sealed record OrderCheckSummary(int Groups, double Log10P, string Worst)
{
    /// <summary>Below this the order counts as structured and the test is not used: a structure too weak to show here at 1e-4, over all units that the test
    /// reads, has no room to fake the far smaller p that a positive needs.</summary>
    public const double Log10Limit = -4;

    /// <summary>Whether nothing speaks against a random order.</summary>
    public bool Held => Log10P > Log10Limit;

    /// <summary>Pools the checks.</summary>
    public static OrderCheckSummary Of(IReadOnlyList<OrderCheck> checks)
    {
        var made = checks.Where(check => check.Units > 0).ToArray();
        if (made.Length == 0)
        {
            return new OrderCheckSummary(0, 0, "too few units to check");
        }

        (string Name, double Log10P)[] results =
        [
            ("row length follows the seat", Math.Min(Pooled(made.Select(check => check.TrendDeviate), made.Length), Pooled(made.Select(check => -check.TrendDeviate), made.Length))),
            ("neighbouring seats hold similar units", Pooled(made.Select(check => check.NeighbourDeviate), made.Length)),
            ("similarity falls with distance of seats", Pooled(made.Select(check => check.DriftDeviate), made.Length)),
            ("units repeat or peak at a fixed distance", made.Min(check => check.Log10Pattern) + Math.Log10(made.Length)),
        ];
        var worst = results.MinBy(result => result.Log10P);
        return new OrderCheckSummary(made.Length, Math.Min(0, worst.Log10P + Math.Log10(2 * results.Length)), worst.Name);
    }

    // Either the sum over groups is large (weak and everywhere) or one group is (strong and local).
    private static double Pooled(IEnumerable<double> deviates, int groups)
    {
        double sum = 0, largest = double.NegativeInfinity;
        foreach (var deviate in deviates)
        {
            sum += deviate;
            largest = Math.Max(largest, deviate);
        }

        return Math.Min(
            LogProbability.Log10UpperNormal(sum / Math.Sqrt(groups)),
            LogProbability.Log10UpperNormal(largest) + Math.Log10(groups));
    }
}
