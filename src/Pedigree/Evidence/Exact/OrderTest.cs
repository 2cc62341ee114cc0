using Pedigree.Numerics;

namespace Pedigree.Evidence.Exact;

/// <summary>The self-retrieval test: under the null hypothesis the order of the reference's units is uniformly random given everything else, so a
/// one-to-one match of the suspect's units to the reference's has, for every group, at most the fixed points of a random permutation.</summary>
/// <remarks>
/// For one group P(hits ≥ k) ≤ 1/k! for any matching rule, because k given units all hit with probability (n-k)!/n!. For L independent groups the factorial moments
/// multiply out to P(sum ≥ k) ≤ L^k/k!, and the Poisson bound on the moment generating function gives e^(k-L) (L/k)^k for k &gt; L. Groups of at most 64 units
/// that were matched completely use the exact law of the sum, which is smaller than both.
/// </remarks>
internal sealed record OrderTest
{
    /// <summary>Stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the units, plural, for sentences.</summary>
    public required string Units { get; init; }

    /// <summary>Groups that count, in canonical order.</summary>
    public required IReadOnlyList<GroupMatch> Groups { get; init; }

    /// <summary>Decimal log of p of this test alone.</summary>
    public required double Log10P { get; init; }

    /// <summary>Content of the hits against reordering; null without hits.</summary>
    public CompanionCheck? Companion { get; init; }

    /// <summary>Similarity of unrelated units over all groups; null without pairs of different seats.</summary>
    public NullTail? Tail { get; init; }

    /// <summary>Hits over all groups.</summary>
    public int Hits => Groups.Sum(group => group.Hits);

    /// <summary>Units over all groups.</summary>
    public int Compared => Groups.Sum(group => group.Valid.Length);

    /// <summary>Evaluates the test.</summary>
    /// <param name="id">Stable identifier.</param>
    /// <param name="units">Name of the units, plural.</param>
    /// <param name="groups">Independent groups, each of the reference's once.</param>
    public static OrderTest Evaluate(string id, string units, IReadOnlyList<GroupMatch> groups)
    {
        var tail = PooledTail(groups);
        return new OrderTest
        {
            Id = id,
            Units = units,
            Groups = groups,
            Log10P = Log10Tail(groups),
            Tail = tail,
            Companion = tail is null ? null : Check(groups, tail),
        };
    }

    /// <summary>Decimal log of the probability of so many hits.</summary>
    public static double Log10Tail(IReadOnlyList<GroupMatch> groups)
    {
        var counted = groups.Where(group => group.Valid.Length > 0).ToArray();
        var hits = counted.Sum(group => group.Hits);
        if (hits == 0)
        {
            return 0;
        }

        var bound = FixedPoints.Log10OrderBound(counted.Length, hits);
        var size = counted[0].Valid.Length;
        var exactLaw = size <= 64 && counted.All(group => group.Valid.Length == size && Array.TrueForAll(group.Match, seat => seat >= 0));
        return exactLaw ? Math.Min(bound, FixedPoints.Log10Tail(counted.Length, size, hits)) : bound;
    }

    private static NullTail? PooledTail(IReadOnlyList<GroupMatch> groups)
    {
        // Enough for quantiles down to 1e-6; more would only cost memory. Whole groups, evenly spread, so that the choice looks at nothing.
        const long most = 1 << 20;
        var measured = groups.Where(group => group.OffSeat is not null).ToArray();
        var total = measured.Sum(group => (long)group.OffSeat!.Count);
        if (measured.Length < 2)
        {
            return measured is [var only] ? only.OffSeat : null;
        }

        var every = (int)((total + most - 1) / most);
        var deviation = Math.Sqrt(measured.Average(group => group.OffSeat!.SignedDeviation * group.OffSeat.SignedDeviation));
        return NullTail.Pooled([.. measured.Where((_, i) => i % every == 0).Select(group => group.OffSeat!)], deviation);
    }

    private static CompanionCheck? Check(IReadOnlyList<GroupMatch> groups, NullTail pooled)
    {
        double sum = 0, ceiling = 0, variance = 0;
        var hits = 0;
        foreach (var group in groups.Where(group => group.Hits > 0))
        {
            // A group with enough pairs is judged by its own tail: layers differ in how alike their units are.
            var tail = group.OffSeat is { Count: >= 4096 } own ? own : pooled;
            var (mean, deviation) = ReorderingCeiling.TopMaxima(tail, group.Group.TotalSeats, (double)group.Hits / group.Valid.Length);
            sum += group.HitSimilarity.Sum();
            ceiling += group.Hits * (mean + group.Group.Allowance);
            variance += group.Hits * deviation * deviation;
            hits += group.Hits;
        }

        if (hits == 0)
        {
            return null;
        }

        var margin = ReorderingCeiling.Deviates * Math.Sqrt(variance) / hits;
        return new CompanionCheck(
            sum / hits, ceiling / hits, margin, sum / hits > (ceiling / hits) + margin,
            "mean of the best row maxima that reordering all seats could reach, from the similarities of the same units at different seats (relabelled control)");
    }
}
