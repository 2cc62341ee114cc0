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
    private readonly WideRows suspectRows = new(suspect, plan.WithDown, 1, seed);

    private WideBlind Blind => new(reference, plan, projection, seed, threads, step, cancellation);

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
    public WideResult Run(double enough)
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
        if (plan.ByInvariants && Blind.Halves(suspectRows, plan.SuspectLayers, WidePlan.WithNeurons(suspect)) is { } blind)
        {
            starts.Add(blind);
        }

        var rows = new MlpRows[plan.SuspectLayers.Count][];
        Parallel.For(0, rows.Length, SharedThreads.Options(threads, cancellation), i => rows[i] = suspectRows.Drawn(plan.SuspectLayers[i], plan.Seats, seed));
        var judged = starts.Select(start => Judged(start, rows)).ToList();
        Compare([.. judged.SelectMany(layers => layers)]);
        if (plan.ThenByInvariants && 4 * Enumerable.Range(0, rows.Length).Count(i => judged.Any(layers => layers[i].BestShare >= enough)) < rows.Length && Blind.Halves(suspectRows, plan.SuspectLayers, WidePlan.WithNeurons(suspect)) is { } late)
        {
            starts.Add(late);
            judged.Add(Judged(late, rows));
            Compare(judged[^1]);
        }

        return Chosen(starts, judged);
    }

    /// <summary>Judges again the layers that were left without an origin, once others have shown a relation: under maps without a vocabulary that are fitted on those others too, whose origins are known by then.</summary>
    /// <remarks>
    /// The layers in question are dealt into two parts, and the map of each part is fitted anew on everything else. So the cross-fit holds: no map is judged by a layer that shaped it, nor is one sharpened that had been. Of what
    /// the first judging has seen of a layer, only which origins others have goes on. Whether a map is used is decided by neurons that were held out of its fit. A layer then had two chances, which the caller has to count.
    /// </remarks>
    /// <param name="found">What was found.</param>
    /// <param name="links">For each layer of the suspect, its origin; -1 for none.</param>
    /// <returns>The same with those layers judged again; null where none is left, or no map can be had.</returns>
    public WideResult? Completed(WideResult found, IReadOnlyList<int> links)
    {
        int[] missed = [.. Enumerable.Range(0, found.Layers.Count).Where(i => links[found.Layers[i].Layer] < 0 && found.Layers[i].Rows is not null)];
        var known = found.Layers.Where(layer => links[layer.Layer] >= 0).ToDictionary(layer => layer.Layer, layer => links[layer.Layer]);
        if (!found.IsShaped || missed.Length == 0 || known.Count == 0)
        {
            return null;
        }

        var layers = found.Layers.ToArray();
        var again = new List<WideLayer>();
        for (var part = 0; part < 2; part++)
        {
            int[] judged = [.. missed.Where((_, at) => at % 2 == part)];
            if (judged.Length > 0 && Blind.Completing(suspectRows, [.. judged.Select(i => layers[i].Layer)], known) is { } start)
            {
                var turned = start.Turned();
                foreach (var i in judged)
                {
                    var rows = suspectRows.Drawn(layers[i].Layer, plan.Seats, seed);
                    again.Add(layers[i] = new WideLayer(layers[i].Layer, [.. rows.Select(mlp => mlp with { Views = [] })], Shortened(rows, start, turned)));
                }
            }
        }

        Compare([.. again]);
        return again.Count == 0 ? null : Assembled(layers, found.Pair.Fit.Start, found.Map, isShaped: true);
    }

    private WideResult Assembled(IReadOnlyList<WideLayer> layers, IReadOnlyList<string> names, ResidualMap? map, bool isShaped) =>
        WideResult.Of(layers, (suspect.Layers, plan.SuspectLayers), reference.Layers, projection.To, names, map, isShaped);

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
            // Where the suspect has no other layers to fit on, neither has the child, however deep the reference is.
            var isSpare = WidePlan.WithNeurons(suspect).Except(plan.SuspectLayers).Count() >= WideInvariants.MostFit;
            start = Blind.Halves(child, layers, isSpare ? WidePlan.WithNeurons(reference) : layers);
        }

        var (even, odd) = (start?.Even.Turned() ?? [], start is { } maps && !ReferenceEquals(maps.Even, maps.Odd) ? maps.Odd.Turned() : null);
        var shares = new List<double>();
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            var drawn = child.Drawn(layer, plan.Seats, seed);
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
        var drawn = new WideRows(reference, plan.WithDown, 1, seed).Drawn(one, plan.Seats, seed);
        if (Shortened(drawn, new WideStart("", null), []) is not { } rows || ShortenedLayer.Read(reference, two, plan.WithDown, projection, threads, cancellation) is not { } pool)
        {
            return 0;
        }

        var cell = new WideLayer(one, drawn, rows);
        cell.Compare(pool, reference);
        return cell.Share(two);
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

    // In the reference's basis, so that its many rows need no product with the map.
    private ShortenedLayer? Shortened(IReadOnlyList<MlpRows> mlps, WideStart start, float[] turned) => mlps.Count == 0 ? null : ShortenedLayer.Of(
        [.. mlps.Select(mlp => mlp with { Width = reference.Width, Views = [.. mlp.Views.Select(view => start.Back(view, mlp.Count, turned, threads))] })],
        [.. mlps.SelectMany(ShortenedLayer.LogLengthsOf)], projection);

    // The start of each half, and its judged layers under it.
    private WideResult Chosen(IReadOnlyList<(WideStart Even, WideStart Odd)> starts, IReadOnlyList<WideLayer[]> judged)
    {
        if (starts.Count == 0)
        {
            return Assembled([], ["", ""], map: null, isShaped: false);
        }

        var chosen = new int[2];
        for (var half = 0; half < 2; half++)
        {
            // Of one judged layer alone the choice cannot be made by others; the basis as stored then comes first. A map that was fitted on layers is another for either half, so what the
            // other half shows under its own says nothing of it: the neurons speak that were held out of the fit.
            var others = Enumerable.Range(0, plan.SuspectLayers.Count).Where(i => i % 2 != half).ToArray();
            chosen[half] = Enumerable.Range(0, starts.Count).MaxBy(start =>
                (half == 0 ? starts[start].Even : starts[start].Odd).Held ?? others.Select(i => judged[start][i].BestShare).DefaultIfEmpty().Average());
        }

        WideLayer[] layers = [.. Enumerable.Range(0, plan.SuspectLayers.Count).Select(i => judged[chosen[i % 2]][i])];
        WideStart[] used = [starts[chosen[0]].Even, starts[chosen[1]].Odd];
        // What is shown is the map under which more was found.
        var better = Enumerable.Range(0, 2).MaxBy(half => layers.Where((_, i) => i % 2 == half).Sum(layer => layer.BestAgreeing));
        return Assembled(layers, [.. used.Select(start => start.Name)], used[better].Map, used.Any(start => start.Held is not null));
    }
}
