using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Sharpens a residual map by matching neurons under it and solving the Procrustes problem over the matched rows, in rounds (methods 17.2, step 4d).</summary>
/// <remarks>
/// Every suspect neuron counts with the square of its similarity, so that wrong matches, whose rows point anywhere, weigh little against right ones. Matching looks
/// at content alone: relabelling the neurons of either model leaves the map as it was, which is what keeps order tests after it exact.
/// </remarks>
internal static class RowRefinement
{
    /// <summary>Rounds; the map is settled after a few.</summary>
    public const int Rounds = 8;

    /// <summary>One round.</summary>
    /// <param name="map">The map so far.</param>
    /// <param name="pairs">MLPs of a layer of the suspect, and the neurons of the layer of the reference that is taken to correspond.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The new map, or null when nothing matched.</returns>
    public static ResidualMap? Round(ResidualMap map, IReadOnlyList<(IReadOnlyList<StandardRows> Suspect, NeuronPool Reference)> pairs, int threads, CancellationToken cancellation)
    {
        var fit = new MapFit(map.From, map.To, threads);
        foreach (var (suspect, reference) in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            var mapped = StandardRows.Of(reference.Rows.In(map, threads));
            foreach (var mlp in suspect)
            {
                Add(fit, mlp, reference, mapped, threads);
            }
        }

        return fit.Map(cancellation);
    }

    private static void Add(MapFit fit, StandardRows suspect, NeuronPool reference, StandardRows mapped, int threads)
    {
        var (match, weights, signs) = Match(suspect, mapped, threads);
        int[] rows = [.. Enumerable.Range(0, match.Length).Where(i => match[i] >= 0 && weights[i] > 0)];
        Add(
            fit, (suspect.Source, suspect.SourceMeans, [.. rows.Select(i => suspect.Kept[i])]), (reference.Rows, reference.Means, [.. rows.Select(i => mapped.Kept[match[i]])]),
            [.. rows.Select(i => weights[i])], [.. rows.Select(i => signs[i])]);
    }

    /// <summary>Adds matched neurons to a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="suspect">Neurons of the suspect, means of the columns of every view, and places among the neurons.</param>
    /// <param name="reference">Neurons of the reference likewise, with the place that corresponds to each.</param>
    /// <param name="weights">Weight of each pair.</param>
    /// <param name="signs">Common sign of the views after the first.</param>
    public static void Add(
        MapFit fit, (MlpRows Rows, IReadOnlyList<double[]> Means, int[] Places) suspect, (MlpRows Rows, IReadOnlyList<double[]> Means, int[] Places) reference, float[] weights, float[] signs)
    {
        if (suspect.Places.Length == 0)
        {
            return;
        }

        var views = Math.Min(suspect.Rows.Views.Count, reference.Rows.Views.Count);
        for (var v = 0; v < views; v++)
        {
            var one = Gathered(suspect.Rows.Views[v], suspect.Means[v], suspect.Places, weights);
            // The weight is shared between both sides, so that inner products of the reference's rows carry it as well.
            var two = Gathered(reference.Rows.Views[v], reference.Means[v], reference.Places, [.. weights.Select((weight, i) => weight * (v > 0 ? signs[i] : 1))]);
            fit.Add(two, one, suspect.Places.Length);
        }
    }

    // All views together: what is sought is the best map, not two opinions.
    private static (int[] Match, float[] Weights, float[] Signs) Match(StandardRows suspect, StandardRows reference, int threads)
    {
        var (m, n) = (suspect.Count, reference.Count);
        var total = new float[checked(m * n)];
        var free = new float[total.Length];
        var views = Math.Min(suspect.Views.Count, reference.Views.Count);
        var signFree = suspect.SignFree && reference.SignFree;
        ParallelProducts.Multiply(suspect.Views[0], m, reference.Views[0], n, suspect.Width, total, threads);
        for (var v = 1; v < views; v++)
        {
            ParallelProducts.Multiply(suspect.Views[v], m, reference.Views[v], n, suspect.Width, free, threads, accumulate: v > 1);
        }

        for (var i = 0; i < total.Length; i++)
        {
            total[i] = (total[i] + (signFree ? MathF.Abs(free[i]) : free[i])) / views;
        }

        var match = new int[m];
        StableMatching.Match(total, m, n, match);
        var weights = new float[m];
        var signs = new float[m];
        for (var i = 0; i < m; i++)
        {
            if (match[i] >= 0)
            {
                weights[i] = Math.Max(0, total[(i * n) + match[i]]);
                signs[i] = signFree && free[(i * n) + match[i]] < 0 ? -1 : 1;
            }
        }

        return (match, weights, signs);
    }

    // Rows of length 1 after the mean over all neurons is removed, times a factor.
    private static float[] Gathered(float[] rows, double[] mean, int[] seats, float[] factors)
    {
        var width = mean.Length;
        var result = new float[seats.Length * width];
        for (var i = 0; i < seats.Length; i++)
        {
            var source = rows.AsSpan(seats[i] * width, width);
            double square = 0;
            for (var c = 0; c < width; c++)
            {
                var value = source[c] - mean[c];
                square += value * value;
            }

            var factor = square > 0 && double.IsFinite(square) ? factors[i] / Math.Sqrt(square) : 0;
            for (var c = 0; c < width; c++)
            {
                result[(i * width) + c] = (float)((source[c] - mean[c]) * factor);
            }
        }

        return result;
    }
}
