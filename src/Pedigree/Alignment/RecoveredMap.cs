using Pedigree.Anatomy;

namespace Pedigree.Alignment;

/// <summary>What undoes a disguise: a map of the residual stream, and which neuron of the suspect is which of the reference.</summary>
/// <param name="Stream">The map from the reference's basis to the suspect's; null for the basis as stored.</param>
/// <param name="Layers">One entry an MLP of a layer of the suspect that was linked to one of the reference.</param>
internal sealed record RecoveredMap(ResidualMap? Stream, IReadOnlyList<RecoveredLayer> Layers)
{
    /// <summary>Heads of attention of the same layers, as far as they were recovered.</summary>
    public IReadOnlyList<RecoveredHeads> Heads { get; init; } = [];

    /// <summary>Experts of the same layers, as far as they were recovered.</summary>
    public IReadOnlyList<RecoveredExperts> Experts { get; init; } = [];

    /// <summary>Ids of tokens that both vocabularies have, where their embeddings correspond; null otherwise.</summary>
    public (int[] Suspect, int[] Reference)? Tokens { get; init; }

    // Entry of size 1 in a signed permutation; noise leaves it above the value that holds half of the row's squared length.
    private const double Dominant = 0.70710678;

    /// <summary>Recovers the map from neurons that were found to correspond: one orthogonal factor over all their rows, rounded to a signed permutation when that is what it
    /// is.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="neurons">Corresponding neurons, by layer.</param>
    /// <param name="start">The map under which they were found; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static RecoveredMap Of(
        FoldedModel suspect, FoldedModel reference, IReadOnlyList<NeuronMap> neurons, ResidualMap? start, int threads, CancellationToken cancellation)
    {
        var rows = neurons.SelectMany(ByExpert).Select(layer => PairedRows.Read(suspect, reference, layer)).OfType<PairedRows>().ToArray();
        var stream = start is null ? null : Refitted(rows, start, threads, cancellation);
        var heads = new List<RecoveredHeads>();
        var experts = new List<RecoveredExperts>();
        foreach (var (own, other) in neurons.Select(map => (map.SuspectLayer, map.ReferenceLayer)).Distinct())
        {
            cancellation.ThrowIfCancellationRequested();
            if (AttentionRows.Read(suspect, own) is { } one && AttentionRows.Read(reference, other) is { } two && RecoveredHeads.Of(one, two.In(stream, threads), (own, other), threads) is { } found
                && found.KeyMaps.All(float.IsFinite) && found.ValueMaps.All(float.IsFinite))
            {
                heads.Add(found);
            }

            if (RecoveredExperts.Of(suspect, reference, (own, other), stream, threads) is { } routed)
            {
                experts.Add(routed);
            }
        }

        return new RecoveredMap(stream, [.. rows.Select(layer => layer.Layer with { Signs = layer.Signs(stream, threads) })]) { Heads = heads, Experts = experts };
    }

    // Of each MLP of the suspect the neurons that lie in the one of the reference that holds most of them.
    private static IEnumerable<RecoveredLayer> ByExpert(NeuronMap map) => map.Pairs.GroupBy(pair => pair.SuspectExpert).OrderBy(own => own.Key).Select(own =>
    {
        var origin = own.GroupBy(pair => pair.ReferenceExpert).OrderByDescending(pairs => pairs.Count()).ThenBy(pairs => pairs.Key).First();
        NeuronPair[] pairs = [.. origin.DistinctBy(pair => pair.Reference).OrderBy(pair => pair.Suspect)];
        return new RecoveredLayer(map.SuspectLayer, map.ReferenceLayer, [.. pairs.Select(pair => pair.Suspect)], [.. pairs.Select(pair => pair.Reference)], [])
        { SuspectExpert = own.Key, ReferenceExpert = origin.Key };
    });

    private static ResidualMap Refitted(IReadOnlyList<PairedRows> rows, ResidualMap start, int threads, CancellationToken cancellation)
    {
        var fit = new MapFit(start.From, start.To, threads);
        foreach (var layer in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            layer.AddTo(fit, start, threads);
        }

        // Few rows a direction leave it to noise; the map under which the neurons were found then stands.
        var count = rows.Sum(layer => layer.Count * layer.Views.Count);
        var map = count < VocabularyAlignment.RowsPerDimension * Math.Max(start.From, start.To) ? start : fit.Map(cancellation) ?? start;
        return Rounded(map) ?? map;
    }

    // A map that is a signed permutation is known exactly: every row has one dominant entry, no two in one column.
    private static ResidualMap? Rounded(ResidualMap map)
    {
        var columns = new float[map.Columns.Length];
        var taken = new bool[map.From];
        for (var i = 0; i < map.To; i++)
        {
            var row = map.Columns.AsSpan(i * map.From, map.From);
            var best = -1;
            for (var j = 0; j < row.Length; j++)
            {
                best = Math.Abs(row[j]) > Dominant ? j : best;
            }

            if (best < 0 || taken[best])
            {
                return null;
            }

            taken[best] = true;
            columns[(i * map.From) + best] = MathF.Sign(row[best]);
        }

        return map with { Columns = columns };
    }
}

/// <summary>Corresponding neurons of an MLP.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="SuspectSeats">Seats in the suspect, ascending, each once.</param>
/// <param name="ReferenceSeats">The seat in the reference of each, none twice.</param>
/// <param name="Signs">For each, 1 or -1: the sign of up and down together, which a gated MLP leaves free.</param>
internal sealed record RecoveredLayer(int SuspectLayer, int ReferenceLayer, int[] SuspectSeats, int[] ReferenceSeats, float[] Signs)
{
    /// <summary>Expert of the suspect's layer, as in <see cref="Role.Expert"/>.</summary>
    public int SuspectExpert { get; init; } = Role.Dense;

    /// <summary>Expert of the reference's layer.</summary>
    public int ReferenceExpert { get; init; } = Role.Dense;
}
