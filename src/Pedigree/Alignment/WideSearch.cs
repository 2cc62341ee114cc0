using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>The search for a hidden origin in models too large to be held whole: layers of the reference pass by one at a time, shortened, and are compared with
/// neurons of the suspect under every start.</summary>
/// <remarks>
/// No layer is judged under a map that it shaped: maps over a vocabulary were fitted on no layer, others on layers that are not judged under them (<see cref="WidePlan.FittedFor"/>). Which start judges a layer is decided by the other half
/// of the layers.
/// </remarks>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="plan">What is read.</param>
/// <param name="join">Ids of shared tokens; null when a vocabulary is absent.</param>
/// <param name="seed">The comparison's seed.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="step">Called after each stage.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class WideSearch(
    FoldedModel suspect, FoldedModel reference, WidePlan plan, (int[] Suspect, int[] Reference)? join, ulong seed, int threads, Action<string> step, CancellationToken cancellation)
{
    private const ulong NoiseStream = 0x6e6f697379;

    private readonly RowProjection projection = new(reference.Width, seed);

    /// <inheritdoc cref="WidePlan.CanPlant"/>
    public bool CanPlant => plan.CanPlant;

    /// <summary>Maps that no layer shaped, after a search; null among them for the basis as stored. Each is as large as the square of the width, so whoever has used them lets them go.</summary>
    public IReadOnlyList<ResidualMap?> Unshaped { get; set; } = [];

    /// <summary>Neurons of a layer of the reference among which an origin is looked for, at most.</summary>
    public int Candidates => plan.ReferenceLayers.Max(layer => reference.Experts(layer).Sum(expert => reference.Neurons(layer, expert)));

    private int[] Tokens => join is { } shared && plan.TokensPerDimension > 0
        ? VocabularyAlignment.Tokens(shared.Suspect.Length, Math.Min(suspect.Width, reference.Width), plan.TokensPerDimension * Math.Min(suspect.Width, reference.Width), seed) : [];

    /// <summary>Searches.</summary>
    /// <param name="enough">Share of its neurons from which a layer counts. Where fewer than a quarter of the judged layers reach it, the shared vocabulary has led nowhere: its rows may have been
    /// replaced.</param>
    /// <returns>The pair with the agreement of every judged layer, in rows shortened; the neurons that agree in the best layer of each; the map that judged them,
    /// null for the basis as stored.</returns>
    public (AlignedPair Pair, IReadOnlyDictionary<int, NeuronMap> Neurons, ResidualMap? Map) Run(double enough)
    {
        // Each start is a map for either half of the layers; only a map that was fitted on layers differs between them.
        var starts = new List<(WideStart Even, WideStart Odd)>();
        if (suspect.Width == reference.Width)
        {
            var stored = new WideStart("basis as stored", null);
            starts.Add((stored, stored));
        }

        if (ByWords(suspect.Width, Words()) is { } words)
        {
            starts.Add((words, words));
        }

        Unshaped = [.. starts.Select(start => start.Even.Map)];
        step("aligning");
        if (plan.ByInvariants && Blind() is { } blind)
        {
            starts.Add(blind);
        }

        var rows = new MlpRows[plan.SuspectLayers.Count][];
        Parallel.For(0, rows.Length, SharedThreads.Options(threads, cancellation), i => rows[i] = Drawn(suspect, plan.SuspectLayers[i]));
        var judged = starts.Select(start => Judged(start, rows)).ToList();
        Compare([.. judged.SelectMany(layers => layers)]);
        if (plan.ThenByInvariants && 4 * Enumerable.Range(0, rows.Length).Count(i => judged.Any(layers => layers[i].BestShare >= enough)) < rows.Length && Blind() is { } late)
        {
            starts.Add(late);
            judged.Add(Judged(late, rows));
            Compare(judged[^1]);
        }

        return Assembled(starts, judged);
    }

    private WideLayer[] Judged((WideStart Even, WideStart Odd) start, MlpRows[][] rows)
    {
        var layers = new WideLayer[rows.Length];
        var turned = start.Even.Turned();
        var (even, odd) = (turned, ReferenceEquals(start.Even, start.Odd) ? turned : start.Odd.Turned());
        Parallel.For(0, rows.Length, SharedThreads.Options(threads, cancellation), i => layers[i] = new WideLayer(
            plan.SuspectLayers[i], [.. rows[i].Select(mlp => mlp with { Views = [] })], i % 2 == 0 ? Shortened(rows[i], start.Even, even) : Shortened(rows[i], start.Odd, odd)));
        return layers;
    }

    private void Compare(WideLayer[] layers)
    {
        WideLayer[] cells = [.. layers.Where(layer => layer.Rows is not null)];
        foreach (var layer in plan.ReferenceLayers)
        {
            if (ShortenedLayer.Read(reference, layer, plan.WithDown, projection, threads, cancellation) is { } pool)
            {
                Parallel.ForEach(cells, SharedThreads.Options(threads, cancellation), cell => cell.Compare(pool, reference));
            }

            step("comparing layers");
        }
    }

    private (WideStart Even, WideStart Odd)? Blind() => Blind(new WideRows(suspect, plan.WithDown, 1, seed), plan.SuspectLayers);

    /// <summary>What the search finds of a child of the reference made up in memory: the share of neurons that agree in each of as many layers as the suspect's.</summary>
    /// <remarks>The child is not rotated: the polar factor turns with a rotation, so that the child would be found alike.</remarks>
    /// <param name="cosine">Cosine of every row with the reference's.</param>
    /// <returns>One share a layer.</returns>
    public IReadOnlyList<double> Planted(double cosine)
    {
        var layers = plan.ReferenceLayers.Count <= plan.SuspectLayers.Count ? plan.ReferenceLayers
            : [.. Enumerable.Range(0, plan.SuspectLayers.Count).Select(i => plan.ReferenceLayers[(int)((i + 0.5) * plan.ReferenceLayers.Count / plan.SuspectLayers.Count)])];
        var child = new WideRows(reference, plan.WithDown, cosine, seed);
        (WideStart Even, WideStart Odd)? start = null;
        if (Tokens.Length > 0)
        {
            start = ByWords(reference.Width, NoisyWords(cosine)) is { } words ? (words, words) : null;
        }
        else
        {
            start = Blind(child, layers);
        }

        var (even, odd) = (start?.Even.Turned() ?? [], start is { } maps && !ReferenceEquals(maps.Even, maps.Odd) ? maps.Odd.Turned() : null);
        var shares = new List<double>();
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            var drawn = WidePlan.Drawn(reference, layer, plan.Seats, seed).Select(mlp => child.Of(layer, mlp.Expert, mlp.Seats)).OfType<MlpRows>().ToArray();
            if (start is null)
            {
                shares.Add(0);
            }
            else if ((i % 2 == 0 ? Shortened(drawn, start.Value.Even, even) : Shortened(drawn, start.Value.Odd, odd ?? even)) is { } rows && ShortenedLayer.Read(reference, layer, plan.WithDown, projection, threads, cancellation) is { } pool)
            {
                var cell = new WideLayer(layer, drawn, rows);
                cell.Compare(pool, reference);
                shares.Add(cell.Share(layer));
            }

            step("looking for planted children");
        }

        return shares;
    }

    /// <summary>Agreeing share of two layers of the reference: copies of each other, where a model was grown in depth.</summary>
    public double OwnShare(int one, int two)
    {
        var drawn = Drawn(reference, one);
        if (Shortened(drawn, new WideStart("", null), []) is not { } rows || ShortenedLayer.Read(reference, two, plan.WithDown, projection, threads, cancellation) is not { } pool)
        {
            return 0;
        }

        var cell = new WideLayer(one, drawn, rows);
        cell.Compare(pool, reference);
        return cell.Share(two);
    }

    // A map without a vocabulary, for every other judged layer and for those between.
    private (WideStart Even, WideStart Odd)? Blind(WideRows model, IReadOnlyList<int> judged)
    {
        var layers = WidePlan.WithNeurons(model.Model);
        IReadOnlyList<int> even = Strangers(model.Model, WidePlan.FittedFor(layers, judged, 0), [.. judged.Where((_, i) => i % 2 == 0)]),
            odd = Strangers(model.Model, WidePlan.FittedFor(layers, judged, 1), [.. judged.Where((_, i) => i % 2 == 1)]);
        if (even.SequenceEqual(odd))
        {
            return Fitted(model, even) is { } one ? (one, one) : null;
        }

        return Fitted(model, even) is { } first && Fitted(model, odd) is { } second ? (first, second) : null;
    }

    private WideStart? Fitted(WideRows model, IReadOnlyList<int> fit)
    {
        var search = new WideInvariants(model, new WideRows(reference, plan.WithDown, 1, seed), projection, seed, threads, step, cancellation);
        return search.Of([.. fit.Select(layer => (layer, search.Nearest(layer, plan.ReferenceLayers)))]);
    }

    // Layers that are copies of a judged one are not fitted on (LayerHalves): fitting alone would make the other agree.
    private IReadOnlyList<int> Strangers(FoldedModel model, IReadOnlyList<int> fit, IReadOnlyList<int> judged)
    {
        var own = new RowProjection(model.Width, seed);
        var cells = judged.Select(layer => (layer, Mlps: Drawn(model, layer))).Where(drawn => drawn.Mlps.Length > 0)
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

    private WideStart? ByWords(int width, IReadOnlyList<WordReader> kinds)
    {
        if (kinds.Count == 0)
        {
            return null;
        }

        var words = new WideWords(reference.Width, width, Tokens.Length, threads);
        foreach (var read in kinds)
        {
            words.Add(read, cancellation);
        }

        return words.Map(cancellation) is { } map ? new WideStart("embeddings of shared tokens", map) : null;
    }

    private IReadOnlyList<WordReader> Words()
    {
        int[] own = [.. Tokens.Select(i => join!.Value.Suspect[i])], other = [.. Tokens.Select(i => join!.Value.Reference[i])];
        return [.. Kinds(reference, other).Zip(Kinds(suspect, own)).Where(kind => kind.First is not null && kind.Second is not null)
            .Select(kind => (WordReader)(places => (kind.First!(places), kind.Second!(places))))];
    }

    // The rows of a child of the reference; which noise a row gets depends on its token and kind alone.
    private IReadOnlyList<WordReader> NoisyWords(double cosine) =>
        [.. Kinds(reference, [.. Tokens.Select(i => join!.Value.Reference[i])]).OfType<Func<int[], float[]>>().Select((read, kind) => (WordReader)(places =>
        {
            var (rows, width) = (read(places), reference.Width);
            var noisy = new float[rows.Length];
            for (var i = 0; i < places.Length; i++)
            {
                var noise = new CounterRandom(seed, CounterRandom.Mix(CounterRandom.Mix(NoiseStream, (ulong)kind), (ulong)places[i]));
                NoisyRows.Of(rows[(i * width)..((i + 1) * width)], width, cosine, noise).CopyTo(noisy, i * width);
            }

            return (rows, noisy);
        }))];

    // Embeddings and unembeddings of some tokens, or null where a model has none of them all.
    private static Func<int[], float[]>?[] Kinds(FoldedModel model, int[] tokens)
    {
        int[] last = [.. tokens.Order().TakeLast(1)];
        return
        [
            last.Length > 0 && model.Embedding(last) is not null ? places => model.Embedding([.. places.Select(place => tokens[place])])! : null,
            last.Length > 0 && model.Unembedding(last) is not null ? places => model.Unembedding([.. places.Select(place => tokens[place])])! : null,
        ];
    }

    private MlpRows[] Drawn(FoldedModel model, int layer) =>
        [.. WidePlan.Drawn(model, layer, plan.Seats, seed).Select(drawn => model.Mlp(layer, drawn.Expert, drawn.Seats, plan.WithDown)).OfType<MlpRows>()];

    // In the reference's basis, so that its many rows need no product with the map.
    private ShortenedLayer? Shortened(IReadOnlyList<MlpRows> mlps, WideStart start, float[] turned) => mlps.Count == 0 ? null : ShortenedLayer.Of(
        [.. mlps.Select(mlp => mlp with { Width = reference.Width, Views = [.. mlp.Views.Select(view => start.Back(view, mlp.Count, turned, threads))] })],
        [.. mlps.SelectMany(ShortenedLayer.LogLengthsOf)], projection);

    private (AlignedPair, IReadOnlyDictionary<int, NeuronMap>, ResidualMap?) Assembled(IReadOnlyList<(WideStart Even, WideStart Odd)> starts, IReadOnlyList<WideLayer[]> judged)
    {
        var halves = new int[suspect.Layers];
        for (var i = 0; i < plan.SuspectLayers.Count; i++)
        {
            halves[plan.SuspectLayers[i]] = i % 2;
        }

        var held = LayerAgreement.Empty([.. Enumerable.Range(0, suspect.Layers)], reference.Layers);
        var chosen = new int[2];
        for (var half = 0; half < 2; half++)
        {
            // Of one judged layer alone the choice cannot be made by others; the basis as stored then comes first. A map that was fitted on layers is another for either half, so what the
            // other half shows under its own says nothing of it: the neurons speak that were held out of the fit.
            var others = Enumerable.Range(0, plan.SuspectLayers.Count).Where(i => i % 2 != half).ToArray();
            chosen[half] = starts.Count == 0 ? -1 : Enumerable.Range(0, starts.Count).MaxBy(start =>
                (half == 0 ? starts[start].Even : starts[start].Odd).Held ?? others.Select(i => judged[start][i].BestShare).DefaultIfEmpty().Average());
        }

        var (own, other) = (Empty(suspect.Layers), Empty(reference.Layers));
        var neurons = new SortedDictionary<int, NeuronMap>();
        for (var i = 0; i < plan.SuspectLayers.Count && starts.Count > 0; i++)
        {
            var layer = judged[chosen[i % 2]][i];
            foreach (var (at, (agreeing, possible, chance)) in layer.Counts)
            {
                (held.Agreeing[layer.Layer][at], held.Possible[layer.Layer][at], held.Chance[layer.Layer][at]) = (agreeing, possible, chance);
            }

            if (layer.Best is { } best)
            {
                own[layer.Layer] = new LayerInput(layer.Mlps(), own[layer.Layer].Attention);
                other[best.Layer] = new LayerInput(best.Origins, other[best.Layer].Attention);
                neurons[layer.Layer] = best.Neurons;
            }
        }

        var same = ResidualMap.Identity(projection.To);
        var fit = new CrossFit(halves, [same, same], [.. chosen.Select(start => start < 0 ? "" : starts[start].Even.Name)], held, [null, null]);
        return (new AlignedPair(new AlignmentInput(projection.To, own, null, null), new AlignmentInput(projection.To, other, null, null), fit), neurons, chosen[0] < 0 ? null : starts[chosen[0]].Even.Map);
    }

    private static LayerInput[] Empty(int layers) => [.. Enumerable.Range(0, layers).Select(_ => new LayerInput([], new SortedDictionary<string, float[]>(StringComparer.Ordinal)))];
}
