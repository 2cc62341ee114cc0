using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>The outcome of matching one group's units among themselves.</summary>
/// <param name="Group">The group, its rows let go.</param>
/// <param name="Valid">Positions in <see cref="UnitGroup.Seats"/> that took part: units that are neither zero nor copies of another unit.</param>
/// <param name="Match">For every valid position of the suspect, the valid position of the reference it was matched to (indices into Valid), or -1.</param>
/// <param name="Hits">Positions matched to themselves.</param>
/// <param name="HitSimilarity">Similarity of every hit, in order of seats.</param>
/// <param name="ViewHits">Hits of each view matched alone.</param>
/// <param name="OffSeat">Similarities of units at different seats: the relabelled control; null without two units.</param>
/// <param name="ViewSquares">Mean square of off-seat cosines, one a view.</param>
/// <param name="Weights">Weights of the views in the similarity; they sum to 1.</param>
/// <param name="MatchSimilarity">Similarity of every match, aligned with <paramref name="Match"/>.</param>
/// <param name="HitLogLengths">For every hit, the log lengths of its rows as stored.</param>
internal sealed record GroupMatch(
    UnitGroup Group, int[] Valid, int[] Match, int Hits, double[] HitSimilarity, int[] ViewHits, NullTail? OffSeat, double[] ViewSquares, double[] Weights,
    double[] MatchSimilarity, IReadOnlyList<UnitLengths> HitLogLengths)
{
    /// <summary>Mean similarity of the hits, or null.</summary>
    public double? MeanHitSimilarity => Hits == 0 ? null : HitSimilarity.Average();
}

/// <summary>Matches the units of a group one to one by similarity. The order of both sides is shuffled first, so that ties cannot favour equal seats.</summary>
internal static class GroupMatching
{
    /// <summary>Matches one group.</summary>
    /// <param name="units">Units in standard form.</param>
    /// <param name="seed">The comparison's seed.</param>
    public static GroupMatch Match(StandardUnits units, ulong seed)
    {
        var valid = units.Valid;
        var count = valid.Length;
        var random = new CounterRandom(seed, CounterRandom.Mix(0x6d61746368, units.Group.Stream));
        var suspectOrder = random.Permutation(count);
        var referenceOrder = random.Permutation(count);
        var views = units.Group.Views;
        var size = checked(count * count);
        var plain = new float[size];
        var signed = new float[size];
        var cosines = new float[size];
        var seated = new float[size];
        float[]? signFree = null;
        var viewHits = new int[views.Count];
        var squares = new double[views.Count];
        var weights = units.Weights;
        var inverse = new int[count];
        for (var i = 0; i < count; i++)
        {
            inverse[referenceOrder[i]] = i;
        }

        for (var v = 0; v < views.Count; v++)
        {
            var length = views[v].Length;
            RowProducts.Multiply(StandardUnits.Gather(units.Suspect[v], length, valid), count, StandardUnits.Gather(units.Reference[v], length, valid), count, length, seated);
            Shuffle(seated, suspectOrder, referenceOrder, cosines);
            squares[v] = OffSeatSquare(cosines, count, suspectOrder, inverse);
            if (views.Count > 1)
            {
                if (views[v].SignFree)
                {
                    Absolute(cosines, plain);
                    viewHits[v] = CountHits(plain, count, suspectOrder, referenceOrder).Hits;
                }
                else
                {
                    viewHits[v] = CountHits(cosines, count, suspectOrder, referenceOrder).Hits;
                }
            }

            // Up and down of a gated MLP may change sign together (methods S6): their sum counts by its absolute value.
            var sum = views[v].SignFree ? signFree ??= new float[size] : signed;
            var weight = (float)weights[v];
            for (var i = 0; i < size; i++)
            {
                sum[i] += weight * cosines[i];
            }
        }

        var similarity = signed;
        for (var i = 0; signFree is not null && i < size; i++)
        {
            similarity[i] += MathF.Abs(signFree[i]);
        }

        var (hits, match) = CountHits(similarity, count, suspectOrder, referenceOrder);
        if (views.Count == 1)
        {
            viewHits[0] = hits;
        }

        var matchSimilarity = new double[count];
        var hitSimilarity = new List<double>(hits);
        var hitLengths = new List<UnitLengths>(hits);
        var seatOf = new int[count];
        for (var i = 0; i < count; i++)
        {
            seatOf[suspectOrder[i]] = i;
        }

        for (var unit = 0; unit < count; unit++)
        {
            matchSimilarity[unit] = match[unit] < 0 ? double.NaN : similarity[(seatOf[unit] * count) + inverse[match[unit]]];
            if (match[unit] == unit)
            {
                hitSimilarity.Add(matchSimilarity[unit]);
                var seat = valid[unit];
                hitLengths.Add(new UnitLengths(
                    Math.Log(units.SuspectLengths[0][seat]), units.SuspectLengths.Skip(1).Sum(view => Math.Log(view[seat])),
                    Math.Log(units.ReferenceLengths[0][seat]), units.ReferenceLengths.Skip(1).Sum(view => Math.Log(view[seat]))));
            }
        }

        // The rows have served; kept for every group they would be the whole of both models.
        var group = units.Group with { Views = [.. views.Select(view => view with { Suspect = [], Reference = [] })] };
        return new GroupMatch(
            group, valid, match, hits, [.. hitSimilarity], viewHits, OffSeat(similarity, count, suspectOrder, inverse, Deviation(squares, weights)), squares, weights, matchSimilarity, hitLengths);
    }

    // A product depends only on its two rows, so shuffling the products is shuffling the rows.
    private static void Shuffle(float[] seated, int[] suspectOrder, int[] referenceOrder, float[] shuffled)
    {
        var count = suspectOrder.Length;
        for (var i = 0; i < count; i++)
        {
            var from = seated.AsSpan(suspectOrder[i] * count, count);
            var to = shuffled.AsSpan(i * count, count);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = from[referenceOrder[j]];
            }
        }
    }

    private static void Absolute(float[] from, float[] to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = MathF.Abs(from[i]);
        }
    }

    private static (int Hits, int[] Match) CountHits(float[] similarity, int count, int[] suspectOrder, int[] referenceOrder)
    {
        var shuffled = new int[count];
        StableMatching.Match(similarity, count, count, shuffled);
        var match = new int[count];
        var hits = 0;
        for (var i = 0; i < count; i++)
        {
            match[suspectOrder[i]] = shuffled[i] < 0 ? -1 : referenceOrder[shuffled[i]];
            hits += shuffled[i] >= 0 && referenceOrder[shuffled[i]] == suspectOrder[i] ? 1 : 0;
        }

        return (hits, match);
    }

    private static double OffSeatSquare(float[] cosines, int count, int[] suspectOrder, int[] inverse)
    {
        double squares = 0;
        for (var i = 0; i < count; i++)
        {
            double row = 0;
            foreach (var value in cosines.AsSpan(i * count, count))
            {
                row += (double)value * value;
            }

            var own = cosines[(i * count) + inverse[suspectOrder[i]]];
            squares += row - ((double)own * own);
        }

        return count < 2 ? 0 : squares / ((double)count * (count - 1));
    }

    /// <summary>Deviation of the weighted similarity of unrelated units before any sign is freed.</summary>
    public static double Deviation(double[] squares, double[] weights) => Math.Sqrt(squares.Zip(weights, (square, weight) => square * weight * weight).Sum());

    // Whole rows, evenly spread over the shuffled suspect, until quantiles down to 1e-4 are resolved.
    private static NullTail? OffSeat(float[] similarity, int count, int[] suspectOrder, int[] inverse, double signedDeviation)
    {
        const int most = 1 << 18;
        var every = Math.Max(1, (int)(((long)count * count) / most));
        var values = new float[((count + every - 1) / every) * Math.Max(0, count - 1)];
        var at = 0;
        for (var i = 0; i < count; i += every)
        {
            var own = inverse[suspectOrder[i]];
            var row = similarity.AsSpan(i * count, count);
            row[..own].CopyTo(values.AsSpan(at));
            row[(own + 1)..].CopyTo(values.AsSpan(at + own));
            at += count - 1;
        }

        return values.Length < 2 ? null : new NullTail(values, signedDeviation);
    }
}
