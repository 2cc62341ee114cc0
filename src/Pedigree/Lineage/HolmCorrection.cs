namespace Pedigree.Lineage;

/// <summary>Holm's step-down correction over several references (Scandinavian Journal of Statistics 6, 1979): the smallest p counts as often as there are
/// references, the next once less, and no corrected value is smaller than one before it.</summary>
internal static class HolmCorrection
{
    /// <summary>What to add to each decimal log of p; 0 where there is none.</summary>
    public static double[] Log10Factors(double?[] log10P)
    {
        var order = Enumerable.Range(0, log10P.Length).Where(i => log10P[i] is not null).OrderBy(i => log10P[i]).ToArray();
        var factors = new double[log10P.Length];
        var least = double.NegativeInfinity;
        for (var rank = 0; rank < order.Length; rank++)
        {
            var p = log10P[order[rank]]!.Value;
            least = Math.Max(least, p + Math.Log10(order.Length - rank));
            factors[order[rank]] = least - p;
        }

        return factors;
    }
}
