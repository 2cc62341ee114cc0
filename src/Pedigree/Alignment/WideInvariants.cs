using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A residual map between large models without a vocabulary: neurons of a few layers are named by <see cref="NeuronInvariants"/>, a map is fitted to the pairs, and sharpened
/// by matching shortened rows under it. The layers that it was fitted on must not be judged under it.</summary>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="referenceLayers">Layers of the reference that may be looked at.</param>
/// <param name="projection">Shortens rows of the reference's width.</param>
/// <param name="seed">The comparison's seed.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="step">Called after each layer.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class WideInvariants(
    WideRows suspect, WideRows reference, IReadOnlyList<int> referenceLayers, RowProjection projection, ulong seed, int threads, Action<string> step, CancellationToken cancellation)
{
    /// <summary>Layers of the suspect that a map is fitted on, at most.</summary>
    public const int MostFit = 4;

    private const int Near = 3;

    // Three views of two thousand neurons in each of four layers are three rows a dimension at a width of 8,192.
    private const int Neurons = 2048;
    private const int MostCandidates = 16384;
    private const int Rounds = 4;

    // Maps that agree on so much of the trace differ by less than the noise of a shortened row.
    private const double Settled = 0.98;

    private readonly int vectors = Math.Min(NeuronInvariants.MostVectors, Math.Min(suspect.Model.Width, reference.Model.Width));
    private readonly Dictionary<int, Measured?> measured = [];

    /// <summary>The map.</summary>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    /// <returns>The start; null when nothing matched.</returns>
    public WideStart? Of(IReadOnlyList<int> fit)
    {
        var start = new MapFit(reference.Model.Width, suspect.Model.Width, threads);
        var pairs = new List<(MlpRows Own, int Other)>();
        foreach (var layer in WidePlan.Spread(fit, MostFit))
        {
            if (Best(layer) is { } best && suspect.At(layer, best.Own.Places) is { } own)
            {
                Add(start, own, best.Other.Layer, [.. best.Own.Neurons.Places], [.. best.Match.Match.Select(i => best.Other.Places[best.Other.Neurons.Places[i]])], best.Match.Weights, best.Match.Signs);
                pairs.Add((own, best.Other.Layer));
            }

            step("aligning layer by layer");
        }

        measured.Clear();
        var map = start.Map(cancellation);
        var pools = new Dictionary<int, ShortenedLayer?>();
        for (var round = 0; round < Rounds && map is not null; round++)
        {
            var next = Sharper(map, pairs, pools);
            step("aligning layer by layer");
            var settled = next is not null && next.Overlap(map) > Settled;
            map = next;
            if (settled)
            {
                break;
            }
        }

        return map is null ? null : new WideStart("neurons alike in any basis", map);
    }

    private ResidualMap? Sharper(ResidualMap map, IReadOnlyList<(MlpRows Own, int Other)> pairs, Dictionary<int, ShortenedLayer?> pools)
    {
        var fit = new MapFit(map.From, map.To, threads);
        var start = new WideStart("", map);
        var turned = start.Turned();
        foreach (var (own, other) in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!pools.TryGetValue(other, out var pool))
            {
                pool = pools[other] = ShortenedLayer.Read(reference.Model, other, reference.WithDown, projection, threads, cancellation);
            }

            if (pool is null)
            {
                continue;
            }

            var back = own with { Width = map.From, Views = [.. own.Views.Select(view => start.Back(view, own.Count, turned, threads))] };
            var rows = ShortenedLayer.Of([back], new (double, double)[own.Count], projection).Rows;
            var (match, weights, signs) = RowRefinement.Match(rows, pool.Rows, threads);
            int[] found = [.. Enumerable.Range(0, match.Length).Where(i => match[i] >= 0)];
            Add(
                fit, own, other, [.. found.Select(i => rows.Kept[i])], [.. found.Select(i => pool.Places[pool.Rows.Kept[match[i]]])],
                [.. found.Select(i => weights[i])], [.. found.Select(i => signs[i])]);
        }

        return fit.Map(cancellation);
    }

    // Rows of the reference are read at the places that were named, each once.
    private void Add(MapFit fit, MlpRows own, int other, int[] rows, (int Expert, int Seat)[] named, float[] weights, float[] signs)
    {
        int[] kept = [.. Enumerable.Range(0, rows.Length).Where(i => weights[i] > 0)];
        (int Expert, int Seat)[] places = [.. kept.Select(i => named[i]).Distinct().Order()];
        if (places.Length == 0 || reference.At(other, places) is not { } read || read.Count != places.Length)
        {
            return;
        }

        var at = Enumerable.Range(0, places.Length).ToDictionary(i => places[i]);
        RowRefinement.Add(
            fit, (own, own.ColumnMeans(), [.. kept.Select(i => rows[i])]), (read, read.ColumnMeans(), [.. kept.Select(i => at[named[i]])]), [.. kept.Select(i => weights[i])], [.. kept.Select(i => signs[i])]);
    }

    // The layer of the reference, among those nearest in relative depth, among whose neurons those of the suspect stand out most.
    private (Measured Own, Measured Other, InvariantMatch Match)? Best(int layer)
    {
        var depth = (layer + 0.5) / suspect.Model.Layers * reference.Model.Layers;
        if (Measure(suspect, layer, Neurons) is not { } own)
        {
            return null;
        }

        (Measured Own, Measured Other, InvariantMatch Match)? best = null;
        foreach (var other in referenceLayers.OrderBy(other => Math.Abs(other + 0.5 - depth)).ThenBy(other => other).Take(Near))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!measured.TryGetValue(other, out var pool))
            {
                pool = measured[other] = Measure(reference, other, MostCandidates);
            }

            if (pool is null || !pool.Neurons.Rows.Names.SequenceEqual(own.Neurons.Rows.Names, StringComparer.Ordinal))
            {
                continue;
            }

            var match = NeuronInvariants.Match(own.Neurons, pool.Neurons, threads);
            if (best is null || match.Score > best.Value.Match.Score)
            {
                best = (own, pool, match);
            }
        }

        return best;
    }

    private Measured? Measure(WideRows model, int layer, int most)
    {
        var whole = model.Places(layer, MostCandidates, seed);
        if (whole.Length < 2)
        {
            return null;
        }

        var width = model.Model.Width;
        string[]? names = null;
        float[][] moments = [];
        foreach (var piece in model.Pieces(layer, whole))
        {
            cancellation.ThrowIfCancellationRequested();
            names ??= [.. piece.Names];
            moments = moments.Length > 0 ? moments : [.. names.Select(_ => new float[checked(width * width)])];
            for (var v = 0; v < names.Length && v < piece.Views.Count; v++)
            {
                var transposed = ParallelProducts.Transposed(NeuronInvariants.Units(piece.Views[v], piece.Count, width), piece.Count, width);
                ParallelProducts.Multiply(transposed, width, transposed, width, piece.Count, moments[v], threads, accumulate: true);
            }
        }

        if (names is null)
        {
            return null;
        }

        float[][] directions = [.. moments.Select(moment => SecondMoments.Added(null, moment, width) is { } scaled
            ? LeadingEigenvectors.Of([scaled], width, vectors, threads, cancellation) : new float[vectors * width])];
        moments = [];
        var places = most < whole.Length ? model.Places(layer, most, seed) : whole;
        return NeuronInvariants.Of(model.Pieces(layer, places), directions, threads) is { } neurons ? new Measured(layer, places, neurons) : null;
    }

    private sealed record Measured(int Layer, (int Expert, int Seat)[] Places, NeuronInvariants Neurons);
}
