using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>Rows of unit length of the first valid seats of one side of a group, by which orders that are copies of each other are recognised.</summary>
/// <param name="Seats">The seats.</param>
/// <param name="Length">Values in a row.</param>
/// <param name="Rows">Seats × Length.</param>
internal sealed record GroupSketch(int[] Seats, int Length, float[] Rows)
{
    private const int MostSeats = 32;

    // 12 hits are the fewest whose 1/12! stays below the level over any number of pairs met in practice (10^5 pairs at 1e-3).
    private const int FewestSeats = 12;

    /// <summary>The sketch of one side; null for groups of the whole model, which have no copies, and for groups with too few seats to show one.</summary>
    /// <param name="group">The group.</param>
    /// <param name="rows">Rows of unit length of its first view.</param>
    /// <param name="valid">Positions that take part.</param>
    public static GroupSketch? Of(UnitGroup group, float[] rows, int[] valid)
    {
        if (group.ReferenceLayer < 0 || valid.Length < FewestSeats)
        {
            return null;
        }

        var positions = valid.AsSpan(0, Math.Min(MostSeats, valid.Length)).ToArray();
        var length = group.Views[0].Length;
        var sketch = new float[positions.Length * length];
        for (var i = 0; i < positions.Length; i++)
        {
            rows.AsSpan(positions[i] * length, length).CopyTo(sketch.AsSpan(i * length, length));
        }

        return new GroupSketch([.. positions.Select(position => group.Seats[position])], length, sketch);
    }
}

/// <summary>Finds groups of one model whose orders are copies of each other: repeated layers, experts that began as copies of one MLP.
/// Their hits are one observation, so only one group of each set counts.</summary>
internal static class GroupDependence
{
    // Missing a dependence makes evidence count double, finding one too many only costs power: 1e-3 over all pairs, not the decision level.
    private const double Log10Level = -3;

    /// <summary>One representative of each set of dependent groups is marked true.</summary>
    /// <param name="sketches">One entry a group; null where a group has none.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static bool[] Representatives(IReadOnlyList<GroupSketch?> sketches, int threads, CancellationToken cancellation)
    {
        var limit = Log10Level - Math.Log10(Math.Max(1, sketches.Count * (sketches.Count - 1) / 2));
        var copies = new List<int>[sketches.Count];
        Parallel.For(0, sketches.Count, SharedThreads.Options(threads, cancellation), i =>
            copies[i] = [.. Enumerable.Range(i + 1, sketches.Count - i - 1).Where(j => AreCopies(sketches[i], sketches[j], limit))]);
        var first = Enumerable.Range(0, sketches.Count).ToArray();
        for (var i = 0; i < sketches.Count; i++)
        {
            foreach (var j in copies[i].Where(j => first[j] == j))
            {
                first[j] = first[i];
            }
        }

        return [.. first.Select((representative, group) => representative == group)];
    }

    private static bool AreCopies(GroupSketch? one, GroupSketch? two, double limit) =>
        one is not null && two is not null && one.Length == two.Length && one.Seats.AsSpan().SequenceEqual(two.Seats)
        && -LogProbability.Log10Factorial(Hits(one.Rows, two.Rows, one.Seats.Length, one.Length)) <= limit;

    private static int Hits(float[] one, float[] two, int count, int length)
    {
        var products = new float[count * count];
        RowProducts.Multiply(one, count, two, count, length, products);
        var match = new int[count];
        StableMatching.Match(products, count, count, match);
        return match.Where((seat, i) => seat == i).Count();
    }
}
