namespace Pedigree.Anatomy;

/// <summary>The upper tail of Student's distribution for a whole number of degrees of freedom, in closed form; absolute error about 1e-15.</summary>
internal static class StudentTail
{
    /// <summary>Probability that the mean of independent normal values with mean 0 would lie this far above 0; 1 for fewer than three values.</summary>
    public static double OfMean(IReadOnlyCollection<double> values)
    {
        if (values.Count < 3)
        {
            return 1;
        }

        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return variance > 0 ? Of(mean / Math.Sqrt(variance / values.Count), values.Count - 1) : mean > 0 ? 0 : 1;
    }

    /// <summary>P(T &gt; t).</summary>
    public static double Of(double t, int freedom)
    {
        // Abramowitz and Stegun 26.7.3 and 26.7.4.
        var angle = Math.Atan(Math.Abs(t) / Math.Sqrt(freedom));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = freedom % 2 == 1;
        var term = odd ? cosine : 1.0;
        var sum = freedom == 1 ? 0 : term;
        for (var i = odd ? 3 : 2; i <= freedom - 2; i += 2)
        {
            term *= cosine * cosine * (i - 1) / i;
            sum += term;
        }

        var central = odd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
        var tail = Math.Max(0, (1 - central) / 2);
        return t > 0 ? tail : 1 - tail;
    }
}
