using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A residual map between large models without a vocabulary: neurons of a few layers are named by <see cref="NeuronInvariants"/>, a map is fitted to the pairs, and sharpened
/// by matching shortened rows under it. The layers that it was fitted on must not be judged under it.</summary>
/// <remarks>
/// Names that noise has blurred are hardly better than chance, and layers in which they are worse drown the others. So an eighth of the neurons of every layer stays out of the fit, and shows whether it led anywhere: a
/// wrong map makes the neurons agree that it was fitted on, up to two in five at a width of 256, and no others. Where it led nowhere, pairs of layers are tried alone.
/// </remarks>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="projection">Shortens rows of the reference's width.</param>
/// <param name="seed">The comparison's seed.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="step">Called after each layer.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class WideInvariants(WideRows suspect, WideRows reference, RowProjection projection, ulong seed, int threads, Action<string> step, CancellationToken cancellation)
{
    /// <summary>Layers of the suspect that a map is fitted on, at most.</summary>
    public const int MostFit = 4;

    private const int HeldOut = 8;

    // Of neurons that were held out so many must agree: the largest of ten thousand counts that are 1 by chance is 8.
    private const int FewestHeld = 9;

    // From so many on, which chance gives in one trial of fifty, it is worth while to go on.
    private const int Promising = 4;

    // A right pair whose names are poor takes a few rounds until neurons that were held out agree, and a few more until all do.
    private const int Rounds = 4;
    private const int MostRounds = 8;
    private const int Passes = 2;

    /// <summary>Multiply-adds that trials of single pairs may take: half a minute of one core.</summary>
    public const double TrialWork = 5e11;

    /// <summary>Products of two square matrices that an orthogonal factor takes.</summary>
    public const double Factor = 6.3;

    // Maps that agree on so much of the trace differ by less than the noise of a shortened row.
    private const double Settled = 0.98;

    private readonly Dictionary<int, ShortenedLayer?> pools = [];

    /// <summary>The map.</summary>
    /// <param name="named">For each layer of the suspect that takes part, its neurons named in layers of the reference, the likeliest by depth first.</param>
    /// <returns>The map; null when nothing matched.</returns>
    public WideStart? Of(IReadOnlyList<IReadOnlyList<WidePair>> named)
    {
        var layers = named.Where(pairs => pairs.Count > 0).Select(pairs => Read(pairs[0].Layer, suspect.Places(pairs[0].Layer, WideNames.Neurons, seed), pairs)).OfType<Layer>().ToList();
        WidePair[] likely = [.. layers.Select(layer => layer.Pairs.MaxBy(pair => pair.Match.Score)!)];
        var (map, settled) = Fitted(layers, likely) is { } first ? Sharpened(first, Parts(layers, likely, all: false), Rounds) : (null, false);
        var shown = map is null ? [] : Shown(map, layers, likely);
        if (shown.Length == 0 && Tried(layers) is { } tried)
        {
            (map, settled, shown) = (tried, false, Best(tried, layers));
        }

        // Layers whose neurons were named in a wrong one are looked for in the others, and again when the map is as sharp as those that were found make it.
        for (var pass = 0; pass < Passes && map is { } last && shown.Length > 0 && (shown.Length < layers.Count || !settled); pass++)
        {
            shown = Best(last, layers);
            (map, settled) = Sharpened(last, Parts(layers, [.. shown.Select(pair => pair.Pair)], all: true), MostRounds);
        }

        return map is null ? null : new WideStart("neurons alike in any basis", map) { Held = shown.Sum(pair => pair.Share) / layers.Count };
    }

    private (WidePair Pair, double Share)[] Best(ResidualMap map, List<Layer> layers) =>
        [.. layers.SelectMany(layer => Shown(map, layers, layer.Pairs).Take(1))];

    // The map of the first pair of layers that leads to one alone: of each layer, with the one at the same relative depth and with the one where its neurons stand out most.
    private ResidualMap? Tried(List<Layer> layers)
    {
        var left = TrialWork;
        foreach (var (layer, pair) in layers.Select(layer => (layer, layer.Pairs[0])).Concat(layers.Select(layer => (layer, layer.Pairs.MaxBy(pair => pair.Match.Score)!))).Distinct())
        {
            left -= Work(Math.Max(suspect.Model.Width, reference.Model.Width), 1, layer.Fit.Count, reference.Model.Experts(pair.Other).Sum(expert => (double)reference.Model.Neurons(pair.Other, expert)));
            if (left < 0)
            {
                return null;
            }

            var parts = Parts(layers, [pair], all: false);
            var map = Fitted(layers, [pair]) is { } first ? Sharpened(first, parts, Rounds).Map : null;
            if (map is not null && Held(map, layers, pair) is >= Promising and < FewestHeld)
            {
                map = Sharpened(map, parts, Rounds).Map;
            }

            step("aligning layer by layer");
            if (map is not null && Shown(map, layers, [pair]).Length > 0)
            {
                return map;
            }
        }

        return null;
    }

    /// <summary>Multiply-adds of a start and its rounds: a factor for each, rows mapped and added up, and compared with those of the other layer.</summary>
    /// <param name="width">Width of the stream.</param>
    /// <param name="pairs">Pairs of layers.</param>
    /// <param name="own">Neurons of the suspect in each.</param>
    /// <param name="other">Neurons of the reference in each.</param>
    public static double Work(double width, int pairs, double own, double other)
    {
        const int views = 3;
        return ((Rounds + 1) * Factor * width * width * width) + (Rounds * pairs * views * own * ((2 * width * width) + (other * RowProjection.Length)));
    }

    private Layer? Read(int layer, (int Expert, int Seat)[] places, IReadOnlyList<WidePair> pairs)
    {
        (int Expert, int Seat)[] fit = [.. places.Where((_, i) => i % HeldOut != HeldOut - 1)], held = [.. places.Where((_, i) => i % HeldOut == HeldOut - 1)];
        return suspect.At(layer, fit) is { } rows && rows.Count == fit.Length
            ? new Layer(layer, rows, held.Length > 0 && suspect.At(layer, held) is { } others && others.Count == held.Length ? others : null, Enumerable.Range(0, fit.Length).ToDictionary(i => fit[i]), pairs) : null;
    }

    // The map that fits the names alone.
    private ResidualMap? Fitted(List<Layer> layers, IReadOnlyList<WidePair> pairs)
    {
        var fit = new MapFit(reference.Model.Width, suspect.Model.Width, threads);
        foreach (var pair in pairs)
        {
            var layer = layers.Single(layer => layer.Index == pair.Layer);
            int[] named = [.. Enumerable.Range(0, pair.Own.Length).Where(i => layer.At.ContainsKey(pair.Own[i]))];
            Add(
                fit, layer.Fit, pair.Other, [.. named.Select(i => layer.At[pair.Own[i]])], [.. named.Select(i => pair.Named[i])],
                [.. named.Select(i => pair.Match.Weights[i])], [.. named.Select(i => pair.Match.Signs[i])]);
        }

        return fit.Map(cancellation);
    }

    private static (MlpRows Own, int Other)[] Parts(List<Layer> layers, IReadOnlyList<WidePair> pairs, bool all) => [.. pairs.SelectMany(pair =>
    {
        var layer = layers.Single(layer => layer.Index == pair.Layer);
        return new[] { (layer.Fit, pair.Other) }.Concat(all && layer.Held is { } held ? [(held, pair.Other)] : Array.Empty<(MlpRows, int)>());
    })];

    // Of the neurons of a pair that were held out, how many agree.
    private int Held(ResidualMap map, List<Layer> layers, WidePair pair)
    {
        if (layers.Single(layer => layer.Index == pair.Layer).Held is not { } held || Pool(pair.Other) is not { } pool)
        {
            return 0;
        }

        var start = new WideStart("", map);
        var rows = ShortenedLayer.Of([Back(held, start, start.Turned())], new (double, double)[held.Count], projection).Rows;
        var size = checked(rows.Count * pool.Rows.Count);
        return TwoViewMatch.Of(rows, pool.Rows, pool.Experts, (new float[size], new float[size])).Agreeing;
    }

    // Those of the pairs whose neurons agree that were held out, by their share.
    private (WidePair Pair, double Share)[] Shown(ResidualMap map, List<Layer> layers, IReadOnlyList<WidePair> pairs) =>
        [.. pairs.Select(pair => (Pair: pair, Agreeing: Held(map, layers, pair))).Where(pair => pair.Agreeing >= FewestHeld)
            .Select(pair => (pair.Pair, Share: (double)pair.Agreeing / layers.Single(layer => layer.Index == pair.Pair.Layer).Held!.Count))
            .Where(pair => pair.Share > LayerHalves.Kin).OrderByDescending(pair => pair.Share)];

    private (ResidualMap? Map, bool Settled) Sharpened(ResidualMap start, IReadOnlyList<(MlpRows Own, int Other)> parts, int rounds)
    {
        var map = start;
        for (var round = 0; round < rounds; round++)
        {
            var next = Sharper(map, parts);
            step("aligning layer by layer");
            if (next is null || next.Overlap(map) > Settled)
            {
                return (next, true);
            }

            map = next;
        }

        return (map, false);
    }

    private ResidualMap? Sharper(ResidualMap map, IReadOnlyList<(MlpRows Own, int Other)> parts)
    {
        var fit = new MapFit(map.From, map.To, threads);
        var start = new WideStart("", map);
        var turned = start.Turned();
        foreach (var (own, other) in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Pool(other) is not { } pool)
            {
                continue;
            }

            var rows = ShortenedLayer.Of([Back(own, start, turned)], new (double, double)[own.Count], projection).Rows;
            var (match, weights, signs) = RowRefinement.Match(rows, pool.Rows, threads);
            int[] found = [.. Enumerable.Range(0, match.Length).Where(i => match[i] >= 0)];
            Add(
                fit, own, other, [.. found.Select(i => rows.Kept[i])], [.. found.Select(i => pool.Places[pool.Rows.Kept[match[i]]])],
                [.. found.Select(i => weights[i])], [.. found.Select(i => signs[i])]);
        }

        return fit.Map(cancellation);
    }

    private MlpRows Back(MlpRows own, WideStart start, float[] turned) =>
        own with { Width = reference.Model.Width, Views = [.. own.Views.Select(view => start.Back(view, own.Count, turned, threads))] };

    private ShortenedLayer? Pool(int layer)
    {
        if (!pools.TryGetValue(layer, out var pool))
        {
            pool = pools[layer] = ShortenedLayer.Read(reference.Model, layer, reference.WithDown, projection, threads, cancellation);
        }

        return pool;
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

    // A layer of the suspect: the neurons that are fitted on, those held out of that, and where the first stand among them.
    private sealed record Layer(int Index, MlpRows Fit, MlpRows? Held, IReadOnlyDictionary<(int Expert, int Seat), int> At, IReadOnlyList<WidePair> Pairs);
}
