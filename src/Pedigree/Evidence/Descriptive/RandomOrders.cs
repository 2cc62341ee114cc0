using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Where the agreement of vectors stands among the agreements that random orders of one side's units give. One order reorders all vectors of one
/// length, as a relabelling of the residual dimensions would.</summary>
/// <param name="Pooled">Share of the orders below the pooled agreement, ties counted half; null when nothing varies.</param>
/// <param name="Layers">The same for each layer that was among the vectors used and varies on both sides.</param>
internal sealed record RandomOrders(double? Pooled, IReadOnlyDictionary<int, double> Layers)
{
    // Enough for the percentile of 999 orders; larger sets are thinned to whole vectors at equal distances.
    private const int RelabelledValues = 1 << 18;

    /// <summary>Draws the orders.</summary>
    /// <param name="pairs">Pairs of vectors, at least one.</param>
    /// <param name="seed">Seed of the orders.</param>
    /// <param name="threads">Threads to use.</param>
    public static RandomOrders Of(IReadOnlyList<VectorPair> pairs, ulong seed, int threads)
    {
        var total = pairs.Sum(pair => (long)pair.Reference.Length);
        var stride = (int)((total + RelabelledValues - 1) / RelabelledValues);
        var bundles = pairs.Where((_, index) => index % stride == 0)
            .GroupBy(pair => pair.Reference.Length).OrderBy(group => group.Key)
            .Select(group => (VectorPair[])[.. group]).ToArray();
        VectorPair[] used = [.. bundles.SelectMany(bundle => bundle)];
        var drawn = Draw([.. bundles.Select(VectorBundle.Of)], used.Length, seed, threads);
        var spread = used.Select(pair => Spread(pair.Reference) * Spread(pair.Suspect)).ToArray();
        var all = Enumerable.Range(0, used.Length).ToArray();
        return new RandomOrders(
            Percentile(drawn, all, used, spread),
            all.GroupBy(vector => used[vector].Role.Layer).OrderBy(layer => layer.Key)
                .Select(layer => (layer.Key, Percentile: Percentile(drawn, [.. layer], used, spread)))
                .Where(layer => layer.Percentile is not null)
                .ToDictionary(layer => layer.Key, layer => layer.Percentile!.Value));
    }

    // Entry 0 is the order as stored. One row an order, one column a vector.
    private static double[][] Draw(VectorBundle[] bundles, int vectors, ulong seed, int threads)
    {
        var sums = new double[NormGainCosine.Relabellings + 1][];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, index =>
        {
            sums[index] = new double[vectors];
            var random = new CounterRandom(seed, (ulong)Math.Max(0, index - 1));
            var at = 0;
            foreach (var bundle in bundles)
            {
                bundle.Products(index == 0 ? [.. Enumerable.Range(0, bundle.Units)] : random.Permutation(bundle.Units), sums[index].AsSpan(at, bundle.Vectors));
                at += bundle.Vectors;
            }
        });
        return sums;
    }

    // The denominator of a cosine is the same in every order, so orders are compared by the sum of products alone.
    private static double? Percentile(double[][] drawn, int[] vectors, VectorPair[] used, double[] spread)
    {
        if (!vectors.Any(vector => spread[vector] > 0))
        {
            return null;
        }

        var tolerance = 1e-12 * Math.Sqrt(vectors.Sum(vector => Square(used[vector].Reference))) * Math.Sqrt(vectors.Sum(vector => Square(used[vector].Suspect)));
        var observed = vectors.Sum(vector => drawn[0][vector]);
        double below = 0;
        for (var order = 1; order < drawn.Length; order++)
        {
            var sum = vectors.Sum(vector => drawn[order][vector]);
            below += sum < observed - tolerance ? 1 : sum <= observed + tolerance ? 0.5 : 0;
        }

        return below / (drawn.Length - 1);
    }

    private static double Spread(float[] values) => values.Max() - (double)values.Min();

    private static double Square(float[] values) => FixedOrderSum.Products(values, values);
}
