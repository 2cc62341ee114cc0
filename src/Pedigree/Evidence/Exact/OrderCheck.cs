using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>Whether the order of one model's units carries structure of its own: sorted by importance, in blocks, copied at a fixed distance, or started from a
/// pattern. An order that follows from content is no random order, and agreement of two such orders is no evidence.</summary>
/// <param name="Units">Units checked; 0 if too few for a check.</param>
/// <param name="TrendDeviate">Normal deviate of the rank correlation of row length (all views multiplied) with seat; signed.</param>
/// <param name="NeighbourDeviate">Normal deviate of similarity weighted by nearness of seats, against shuffled seats.</param>
/// <param name="DriftDeviate">Normal deviate of dissimilarity growing with distance of seats, against shuffled seats.</param>
/// <param name="Log10Pattern">Decimal log of p that nearest units, or largest columns, stand at one fixed distance so often.</param>
internal sealed record OrderCheck(int Units, double TrendDeviate, double NeighbourDeviate, double DriftDeviate, double Log10Pattern)
{
    // Below this a deviate from 99 shuffles says nothing.
    private const int FewestUnits = 12;
    private const int MostUnits = 256;
    private const int Shuffles = 99;

    /// <summary>Nothing was checked.</summary>
    public static readonly OrderCheck None = new(0, 0, 0, 0, 0);

    /// <summary>Checks one side of a group.</summary>
    /// <param name="rows">Rows of unit length, one array a view.</param>
    /// <param name="lengths">Lengths as stored, one array a view.</param>
    /// <param name="group">The group.</param>
    /// <param name="valid">Positions that take part.</param>
    /// <param name="seed">The comparison's seed; the shuffles come from it.</param>
    public static OrderCheck Of(float[][] rows, double[][] lengths, UnitGroup group, int[] valid, ulong seed)
    {
        if (valid.Length < FewestUnits)
        {
            return None;
        }

        var positions = valid.Length <= MostUnits ? valid : valid[..MostUnits];
        var count = positions.Length;
        var seatNumbers = positions.Select(p => (double)group.Seats[p]).ToArray();
        var correlation = Correlation.Spearman(seatNumbers, [.. positions.Select(p => lengths.Sum(view => Math.Log(view[p])))]);
        var trend = double.IsNaN(correlation) ? 0 : correlation * Math.Sqrt(count - 1);

        var similarity = new float[count * count];
        double best = 0;
        for (var v = 0; v < rows.Length; v++)
        {
            var length = group.Views[v].Length;
            var gathered = StandardUnits.Gather(rows[v], length, positions);
            RowProducts.Multiply(gathered, count, gathered, count, length, similarity, accumulate: v > 0);
            best = Math.Min(best, LargestColumnPattern(gathered, count, length, group.Seats, positions));
        }

        best = Math.Min(best, NearestPattern(similarity, count, group.Seats, positions));
        var (neighbour, drift) = Deviates(similarity, count, seatNumbers, seed, group.Stream);
        return new OrderCheck(count, trend, neighbour, drift, best);
    }

    // For any map of units to seats, P(k units sit exactly where the map says) <= 1/k! under exchangeability; Bonferroni over the distances tried.
    private static double NearestPattern(float[] similarity, int count, int[] seats, int[] positions)
    {
        var tally = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var nearest = -1;
            for (var j = 0; j < count; j++)
            {
                if (j != i && (nearest < 0 || similarity[(i * count) + j] > similarity[(i * count) + nearest]))
                {
                    nearest = j;
                }
            }

            var distance = seats[positions[nearest]] - seats[positions[i]];
            tally[distance] = tally.GetValueOrDefault(distance) + 1;
        }

        return Pattern(tally.Values.Max(), 2 * count);
    }

    private static double LargestColumnPattern(ReadOnlySpan<float> rows, int count, int length, int[] seats, int[] positions)
    {
        var tally = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var row = rows.Slice(i * length, length);
            var largest = 0;
            for (var c = 1; c < length; c++)
            {
                largest = Math.Abs(row[c]) > Math.Abs(row[largest]) ? c : largest;
            }

            var distance = largest - seats[positions[i]];
            tally[distance] = tally.GetValueOrDefault(distance) + 1;
        }

        return Pattern(tally.Values.Max(), length + count);
    }

    private static double Pattern(int largest, int distances) =>
        Math.Min(0, Math.Log10(distances) - LogProbability.Log10Factorial(largest));

    private static (double Neighbour, double Drift) Deviates(float[] similarity, int count, double[] seats, ulong seed, ulong stream)
    {
        var random = new CounterRandom(seed, CounterRandom.Mix(0x6f72646572, stream));
        var near = new double[Shuffles + 1];
        var far = new double[Shuffles + 1];
        var order = Enumerable.Range(0, count).ToArray();
        var span = seats[^1] - seats[0] + 1;
        // Each pair of seats counts once: the weights below the diagonal are zero.
        var nearness = new float[count * count];
        var distance = new float[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                nearness[(i * count) + j] = (float)(1 / (seats[j] - seats[i]));
                distance[(i * count) + j] = (float)((seats[j] - seats[i]) / span);
            }
        }

        var shuffled = new float[count];
        for (var shuffle = 0; shuffle <= Shuffles; shuffle++)
        {
            if (shuffle > 0)
            {
                random.Shuffle(order);
            }

            for (var i = 0; i < count; i++)
            {
                var row = similarity.AsSpan(order[i] * count, count);
                for (var j = i + 1; j < count; j++)
                {
                    shuffled[j] = row[order[j]];
                }

                var rest = shuffled.AsSpan(i + 1);
                near[shuffle] += FixedOrderSum.Products(rest, nearness.AsSpan((i * count) + i + 1, rest.Length));
                far[shuffle] -= FixedOrderSum.Products(rest, distance.AsSpan((i * count) + i + 1, rest.Length));
            }
        }

        return (Deviate(near), Deviate(far));
    }

    private static double Deviate(double[] values)
    {
        var others = values.AsSpan(1);
        double mean = 0, square = 0;
        foreach (var value in others)
        {
            mean += value / others.Length;
        }

        foreach (var value in others)
        {
            square += (value - mean) * (value - mean) / (others.Length - 1);
        }

        return square > 0 ? (values[0] - mean) / Math.Sqrt(square) : 0;
    }
}
