using Pedigree.Numerics;

namespace Pedigree.Evidence.Exact;

/// <summary>Finds groups of the reference whose orders are copies of each other: repeated layers, experts that began as copies of one MLP.
/// Their hits are one observation, so only one group of each set counts.</summary>
internal static class ReferenceDependence
{
    /// <summary>Seats of each group that are compared.</summary>
    public const int Sketch = 32;

    // Missing a dependence makes evidence count double, finding one too many only costs power: 1e-3 over all pairs, not the decision level.
    private const double Log10Level = -3;

    /// <summary>One representative of each set of dependent groups is marked true.</summary>
    /// <param name="sketches">Rows of unit length of the same seats, seats × length, one entry a group; null where a group has none.</param>
    /// <param name="seats">The seats of each sketch.</param>
    /// <param name="length">Row length of each sketch.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static bool[] Representatives(IReadOnlyList<float[]?> sketches, IReadOnlyList<int[]> seats, IReadOnlyList<int> length, CancellationToken cancellation)
    {
        var first = Enumerable.Range(0, sketches.Count).ToArray();
        var limit = Log10Level - Math.Log10(Math.Max(1, sketches.Count * (sketches.Count - 1) / 2));
        for (var i = 0; i < sketches.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = i + 1; j < sketches.Count; j++)
            {
                if (first[j] == j && sketches[i] is { } one && sketches[j] is { } two && length[i] == length[j] && seats[i].AsSpan().SequenceEqual(seats[j])
                    && -LogProbability.Log10Factorial(Hits(one, two, seats[i].Length, length[i])) <= limit)
                {
                    first[j] = first[i];
                }
            }
        }

        return [.. first.Select((representative, group) => representative == group)];
    }

    private static int Hits(float[] one, float[] two, int count, int length)
    {
        var products = new float[count * count];
        RowProducts.Multiply(one, count, two, count, length, products);
        var match = new int[count];
        StableMatching.Match(products, count, count, match);
        return match.Where((seat, i) => seat == i).Count();
    }
}
