using Pedigree.Alignment;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>How far what a map says of heads, experts and tokens is borne out by two models: the mean cosine of corresponding rows, by kind.</summary>
internal static class MapResiduals
{
    // Embedding rows that are compared, evenly spread.
    private const int MostTokens = 2048;

    /// <summary>Kinds of rows, in the order in which they are reported.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["keys", "queries", "values", "attention-outputs", "experts", "tokens"];

    /// <summary>Measures a map.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="map">The map.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The kinds that the map holds and the models have.</returns>
    public static IReadOnlyList<MappedKind> Measure(FoldedModel suspect, FoldedModel reference, RecoveredMap map, int threads, CancellationToken cancellation)
    {
        var sums = Kinds.ToDictionary(kind => kind, _ => new CosineSums(), StringComparer.Ordinal);
        foreach (var heads in map.Heads)
        {
            cancellation.ThrowIfCancellationRequested();
            if (AttentionRows.Read(suspect, heads.SuspectLayer) is { } one && AttentionRows.Read(reference, heads.ReferenceLayer)?.In(map.Stream, threads) is { } two)
            {
                Add(sums, heads, one, two);
            }
        }

        foreach (var experts in map.Experts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (RecoveredExperts.Rows(suspect, experts.SuspectLayer, null, threads) is { } one && RecoveredExperts.Rows(reference, experts.ReferenceLayer, map.Stream, threads) is { } two)
            {
                sums["experts"].Add(Gathered(one, suspect.Width, experts.Suspect), Gathered(two, suspect.Width, experts.Reference), suspect.Width, 1);
            }
        }

        if (map.Tokens is { } tokens && Embeddings(suspect, reference, tokens, map.Stream, threads) is var (own, other))
        {
            sums["tokens"].Add(own, other, suspect.Width, 1);
        }

        return [.. Kinds.Where(kind => sums[kind].Rows > 0).Select(kind => sums[kind].Kind(kind))];
    }

    private static void Add(Dictionary<string, CosineSums> sums, RecoveredHeads heads, AttentionRows one, AttentionRows two)
    {
        var (size, values) = (one.Heads.Dimension, one.ValueRows);
        var group = one.Heads.Query / one.Heads.KeyValue;
        var (keys, keysMapped, valuesOwn, valuesMapped) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        var counterparts = new Dictionary<int, (float[]? Query, float[]? Output)>();
        for (var i = 0; i < heads.SuspectGroups.Length; i++)
        {
            var (own, other) = (heads.SuspectGroups[i], heads.ReferenceGroups[i]);
            var (key, value) = (heads.KeyMaps[(i * size * size)..((i + 1) * size * size)], heads.ValueMaps[(i * values * values)..((i + 1) * values * values)]);
            counterparts[own] = (HeadBasis.Counterpart(key, size), HeadBasis.Counterpart(value, values));
            keys.AddRange(RecoveredHeads.Slice(one.Keys, own, size, one.Width));
            keysMapped.AddRange(HeadBasis.Apply(key, RecoveredHeads.Slice(two.Keys, other, size, two.Width), size));
            valuesOwn.AddRange(RecoveredHeads.Slice(one.Values, own, values, one.Width));
            valuesMapped.AddRange(HeadBasis.Apply(value, RecoveredHeads.Slice(two.Values, other, values, two.Width), values));
        }

        sums["keys"].Add([.. keys], [.. keysMapped], one.Width, size);
        sums["values"].Add([.. valuesOwn], [.. valuesMapped], one.Width, values);
        var (queries, queriesMapped, outputs, outputsMapped) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        for (var i = 0; i < heads.SuspectHeads.Length; i++)
        {
            var (own, other) = (heads.SuspectHeads[i], heads.ReferenceHeads[i]);
            if (counterparts.GetValueOrDefault(own / group) is { Query: { } query, Output: { } output })
            {
                queries.AddRange(RecoveredHeads.Slice(one.Queries, own, size, one.Width));
                queriesMapped.AddRange(HeadBasis.Apply(query, RecoveredHeads.Slice(two.Queries, other, size, two.Width), size));
                outputs.AddRange(RecoveredHeads.Slice(one.Outputs, own, values, one.Width));
                outputsMapped.AddRange(HeadBasis.Apply(output, RecoveredHeads.Slice(two.Outputs, other, values, two.Width), values));
            }
        }

        sums["queries"].Add([.. queries], [.. queriesMapped], one.Width, size);
        sums["attention-outputs"].Add([.. outputs], [.. outputsMapped], one.Width, values);
    }

    /// <summary>Whether embeddings of tokens correspond under a map beyond what unrelated rows do: their mean cosine, which has a deviation of 1/√(n·d), exceeds the shifted one by six of them.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="tokens">Ids of the same tokens.</param>
    /// <param name="stream">The map; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    public static bool Correspond(FoldedModel suspect, FoldedModel reference, (int[] Suspect, int[] Reference) tokens, ResidualMap? stream, int threads)
    {
        if (tokens.Suspect.Length < 2 || Embeddings(suspect, reference, tokens, stream, threads) is not var (own, other))
        {
            return false;
        }

        var sums = new CosineSums();
        sums.Add(own, other, suspect.Width, 1);
        return sums.Cosine - sums.Shifted > 6 * Math.Sqrt(2.0 / ((double)sums.Rows * suspect.Width));
    }

    private static (float[] Suspect, float[] Reference)? Embeddings(FoldedModel suspect, FoldedModel reference, (int[] Suspect, int[] Reference) tokens, ResidualMap? stream, int threads)
    {
        var count = Math.Min(MostTokens, tokens.Suspect.Length);
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => (int)((i + 0.5) * tokens.Suspect.Length / count))];
        if (count == 0 || suspect.Embedding([.. chosen.Select(i => tokens.Suspect[i])]) is not { } own || reference.Embedding([.. chosen.Select(i => tokens.Reference[i])]) is not { } other)
        {
            return null;
        }

        other = stream is null ? other : stream.Apply(other, count, threads);
        Standardisation.CentreColumns(own, count, suspect.Width);
        Standardisation.CentreColumns(other, count, suspect.Width);
        return (own, other);
    }

    private static float[] Gathered(float[] rows, int width, int[] places) => [.. places.SelectMany(place => rows.AsSpan(place * width, width).ToArray())];

    /// <summary>Sums of cosines of rows with their counterparts, and with those of the next unit.</summary>
    private sealed class CosineSums
    {
        private double own;
        private double shifted;

        public long Rows { get; private set; }

        public double Cosine => own / Math.Max(1, Rows);

        public double Shifted => shifted / Math.Max(1, Rows);

        public void Add(float[] one, float[] two, int width, int rowsOfUnit)
        {
            var count = one.Length / width;
            for (var i = 0; i < count; i++)
            {
                own += Of(one.AsSpan(i * width, width), two.AsSpan(i * width, width));
                shifted += Of(one.AsSpan(i * width, width), two.AsSpan((i + rowsOfUnit) % count * width, width));
            }

            Rows += count;
        }

        public MappedKind Kind(string kind) => new(kind, Rows, null, Residual(Cosine), Residual(Shifted));

        private static double Residual(double cosine) => Math.Sqrt(Math.Max(0, 2 - (2 * cosine)));

        private static double Of(ReadOnlySpan<float> one, ReadOnlySpan<float> two)
        {
            var squares = Numerics.FixedOrderSum.Products(one, one) * Numerics.FixedOrderSum.Products(two, two);
            return squares > 0 && double.IsFinite(squares) ? Numerics.FixedOrderSum.Products(one, two) / Math.Sqrt(squares) : 0;
        }
    }
}
