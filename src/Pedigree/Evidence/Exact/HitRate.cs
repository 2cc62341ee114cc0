namespace Pedigree.Evidence.Exact;

/// <summary>What a stable matching finds when every unit of the suspect has row cosine c to its own seat: hit rate and similarity of the hits.</summary>
/// <remarks>
/// Process similarities from high to low. Let f and S be density and survival of an unrelated pair, φ the density of a true pair (normal about c), m the
/// seats. w(t), the probability that a row whose own true pair is still to come is free at level t, and u(t), the share of all rows that are free, obey
/// d ln w = -m f u dt (descending) and u(t) = w(t)·(Φ(t) + ∫ over s above t of φ(s)(1 - w(s)) ds): rows whose true pair is below t, and those whose true pair came
/// too late because its column was taken. A true pair is matched when its row and column are both free, so the hit rate is ∫ φ w². Without true pairs this
/// gives u = 1/(1 + m S), the known density of greedy matching.
/// </remarks>
internal static class HitRate
{
    private const int Steps = 600;

    /// <summary>Expected share of hits, their mean similarity and its standard deviation.</summary>
    /// <param name="tail">Similarity of unrelated units.</param>
    /// <param name="seats">Seats m that are matched among themselves.</param>
    /// <param name="rowCosine">Cosine c between a unit and its origin, 0 to 1.</param>
    public static (double Rate, double Mean, double Deviation) Of(NullTail tail, int seats, double rowCosine)
    {
        // The cosine of two rows that agree in c varies by (1 - c²)/sqrt(d); sqrt(1/d) is the measured deviation of unrelated pairs.
        // Above 0.97 it is taken as at 0.97: every unit hits there, and a narrower peak would fall between the steps.
        var noise = Math.Max(1e-9, Math.Max(0.06, 1 - (rowCosine * rowCosine)) * tail.SignedDeviation);
        var top = Math.Max(rowCosine + (9 * noise), tail.Quantile(1e-3 / ((double)seats * seats)));
        var bottom = Math.Min(rowCosine - (9 * noise), tail.Mean - (3 * tail.Deviation));
        var step = (top - bottom) / Steps;
        double free = 1, late = 0, above = tail.Survival(top), rate = 0, first = 0, second = 0;
        for (var i = 0; i < Steps; i++)
        {
            var level = top - ((i + 0.5) * step);
            var density = Math.Exp(-0.5 * Math.Pow((level - rowCosine) / noise, 2)) / (noise * Math.Sqrt(2 * Math.PI)) * step;
            var toCome = 1 - Numerics.LogProbability.NormalSurvival((level - rowCosine) / noise);
            var open = free * Math.Min(1, toCome + late);
            var below = tail.Survival(level - (0.5 * step));
            free *= Math.Exp(-seats * Math.Max(0, below - above) * open);
            above = below;
            late += density * (1 - free);
            var hit = density * free * free;
            rate += hit;
            first += hit * level;
            second += hit * level * level;
        }

        if (rate <= 0)
        {
            return (0, double.NaN, double.NaN);
        }

        var mean = first / rate;
        return (Math.Min(1, rate), mean, Math.Sqrt(Math.Max(0, (second / rate) - (mean * mean))));
    }
}
