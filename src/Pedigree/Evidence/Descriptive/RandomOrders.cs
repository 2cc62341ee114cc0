using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Random orders of one side's units, and the agreement of every pair of vectors under each. One order reorders all vectors of one length, as a relabelling of
/// the residual dimensions would; drawn once, it serves every selection of the vectors.</summary>
internal sealed class RandomOrders
{
    // Enough for the percentile of 999 orders; of larger sets whole vectors at equal distances are used, the same share of every kind.
    private const int RelabelledValues = 1 << 18;

    // Vectors used, and for the order as stored and then for each random order one sum of products a vector.
    private readonly VectorPair[] _used;
    private readonly double[][] _sums;

    private RandomOrders(VectorPair[] used, double[][] sums) => (_used, _sums) = (used, sums);

    /// <summary>Draws the orders.</summary>
    /// <param name="pairs">Pairs of vectors.</param>
    /// <param name="seed">Seed of the orders.</param>
    /// <param name="threads">Threads to use.</param>
    public static RandomOrders Draw(IReadOnlyList<VectorPair> pairs, ulong seed, int threads)
    {
        var total = pairs.Sum(pair => (long)pair.Reference.Length);
        var stride = (int)((total + RelabelledValues - 1) / RelabelledValues);
        var bundles = pairs.GroupBy(pair => (pair.Role.Part, pair.Role.BiasOf)).SelectMany(kind => kind.Where((_, index) => index % stride == 0))
            .GroupBy(pair => pair.Reference.Length).OrderBy(group => group.Key)
            .Select(group => (VectorPair[])[.. group.OrderBy(pair => pair.Role)]).ToArray();
        VectorPair[] used = [.. bundles.SelectMany(bundle => bundle)];
        var sums = new double[NormGainCosine.Relabellings + 1][];
        var values = bundles.Select(VectorBundle.Of).ToArray();
        Parallel.For(0, sums.Length, SharedThreads.Options(threads), index =>
        {
            sums[index] = new double[used.Length];
            var random = new CounterRandom(seed, (ulong)Math.Max(0, index - 1));
            var at = 0;
            foreach (var bundle in values)
            {
                bundle.Products(index == 0 ? [.. Enumerable.Range(0, bundle.Units)] : random.Permutation(bundle.Units), sums[index].AsSpan(at, bundle.Vectors));
                at += bundle.Vectors;
            }
        });
        return new RandomOrders(used, sums);
    }

    /// <summary>Share of the orders in which the pairs agree less than as stored, ties counted half; null when none of them was used or nothing varies.</summary>
    public double? Percentile(IReadOnlyCollection<VectorPair> pairs)
    {
        // The denominator of a cosine is the same in every order, so orders are compared by the sum of products alone.
        var wanted = pairs.ToHashSet(ReferenceEqualityComparer.Instance);
        var vectors = Enumerable.Range(0, _used.Length).Where(vector => wanted.Contains(_used[vector])).ToArray();
        if (!Array.Exists(vectors, vector => Varies(_used[vector].Reference) && Varies(_used[vector].Suspect)))
        {
            return null;
        }

        var tolerance = 1e-12 * Math.Sqrt(vectors.Sum(vector => Square(_used[vector].Reference))) * Math.Sqrt(vectors.Sum(vector => Square(_used[vector].Suspect)));
        var observed = Sum(_sums[0], vectors);
        double below = 0;
        for (var order = 1; order < _sums.Length; order++)
        {
            var sum = Sum(_sums[order], vectors);
            below += sum < observed - tolerance ? 1 : sum <= observed + tolerance ? 0.5 : 0;
        }

        return below / (_sums.Length - 1);
    }

    private static double Sum(double[] sums, int[] vectors)
    {
        double sum = 0;
        foreach (var vector in vectors)
        {
            sum += sums[vector];
        }

        return sum;
    }

    private static bool Varies(float[] values) => values.AsSpan().ContainsAnyExcept(values[0]);

    private static double Square(float[] values) => FixedOrderSum.Products(values, values);
}
