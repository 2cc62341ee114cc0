using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Maps between large models without a vocabulary (<see cref="WideInvariants"/>), each fitted on layers that are not judged under it, nor copies of such.</summary>
/// <param name="reference">The reference.</param>
/// <param name="plan">What is read.</param>
/// <param name="projection">Shortens rows of the reference's width.</param>
/// <param name="seed">The comparison's seed.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="step">Called after each stage.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class WideBlind(FoldedModel reference, WidePlan plan, RowProjection projection, ulong seed, int threads, Action<string> step, CancellationToken cancellation)
{
    /// <summary>A map for every other judged layer and one for those between; null when either cannot be had.</summary>
    /// <param name="model">The suspect.</param>
    /// <param name="judged">Its judged layers.</param>
    /// <param name="layers">Layers that may be fitted on, those among them.</param>
    public (WideStart Even, WideStart Odd)? Halves(WideRows model, IReadOnlyList<int> judged, IReadOnlyList<int> layers)
    {
        IReadOnlyList<int> even = Strangers(model, WidePlan.FittedFor(layers, judged, 0), [.. judged.Where((_, i) => i % 2 == 0)]),
            odd = Strangers(model, WidePlan.FittedFor(layers, judged, 1), [.. judged.Where((_, i) => i % 2 == 1)]);
        var none = new Dictionary<int, int>();
        if (even.SequenceEqual(odd))
        {
            return Fitted(model, Named(Names(model), even, none)) is { } one ? (one, one) : null;
        }

        // All is named before anything is fitted: both halves look at much the same layers of the reference, and what is known of those is let go then.
        var names = Names(model);
        var (first, second) = (Named(names, even, none), Named(names, odd, none));
        return Fitted(model, first) is { } begun && Fitted(model, second) is { } other ? (begun, other) : null;
    }

    /// <summary>A map for layers that were left without an origin, from all others: those with one, whose neurons are named in it alone, and those without.</summary>
    /// <param name="model">The suspect.</param>
    /// <param name="judged">The layers that will be judged under it.</param>
    /// <param name="links">Layers with an origin, and which.</param>
    /// <returns>The map; null where it explains no neurons that were held out of its fit.</returns>
    public WideStart? Completing(WideRows model, IReadOnlyList<int> judged, IReadOnlyDictionary<int, int> links)
    {
        int[] layers = [.. WidePlan.WithNeurons(model.Model).Where(layer => !judged.Contains(layer))];
        IReadOnlyList<int> fit =
            [.. WidePlan.Spread([.. layers.Where(links.ContainsKey)], WideInvariants.MostFit), .. WidePlan.Spread([.. layers.Where(layer => !links.ContainsKey(layer))], WideInvariants.MostFit)];
        return Fitted(model, Named(Names(model), Strangers(model, fit, judged), links)) is { Held: > 0 } start ? start : null;
    }

    private WideNames Names(WideRows model) => new(model, new WideRows(reference, plan.WithDown, 1, seed), seed, threads, cancellation);

    private List<IReadOnlyList<WidePair>> Named(WideNames names, IReadOnlyList<int> fit, IReadOnlyDictionary<int, int> links)
    {
        var named = new List<IReadOnlyList<WidePair>>();
        foreach (var layer in fit)
        {
            named.Add(names.Of(layer, links.TryGetValue(layer, out var link) ? [link] : names.Nearest(layer, plan.ReferenceLayers)));
            step("aligning layer by layer");
        }

        return named;
    }

    private WideStart? Fitted(WideRows model, IReadOnlyList<IReadOnlyList<WidePair>> named) =>
        new WideInvariants(model, new WideRows(reference, plan.WithDown, 1, seed), projection, seed, threads, step, cancellation).Of(named);

    // Layers that are copies of a judged one are not fitted on (LayerHalves): fitting alone would make the other agree.
    private IReadOnlyList<int> Strangers(WideRows rows, IReadOnlyList<int> fit, IReadOnlyList<int> judged)
    {
        var model = rows.Model;
        var stored = new WideRows(model, plan.WithDown, 1, seed);
        var own = new RowProjection(model.Width, seed);
        var cells = judged.Select(layer => (layer, Mlps: stored.Drawn(layer, plan.Seats, seed))).Where(drawn => drawn.Mlps.Length > 0)
            .Select(drawn => new WideLayer(drawn.layer, drawn.Mlps, ShortenedLayer.Of(drawn.Mlps, [.. drawn.Mlps.SelectMany(ShortenedLayer.LogLengthsOf)], own))).ToArray();
        return [.. fit.Where(layer =>
        {
            if (ShortenedLayer.Read(model, layer, plan.WithDown, own, threads, cancellation) is not { } pool)
            {
                return false;
            }

            Parallel.ForEach(cells, SharedThreads.Options(threads, cancellation), cell => cell.Compare(pool, model));
            return cells.All(cell => cell.Share(layer) <= LayerHalves.Kin);
        })];
    }
}
