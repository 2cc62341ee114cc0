using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>The search for a hidden origin in models too large to be held whole: layers of the reference pass by one at a time, shortened, and are compared with
/// neurons of the suspect under every start.</summary>
/// <remarks>
/// The starts were fitted on no layer (<see cref="WideStart"/>), so no layer is judged under a map that it shaped. Which start judges a layer is decided by the other half
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

    /// <summary>Whether children can be planted: where no vocabulary is shared only the basis as stored is searched, and a child in another could not be found.</summary>
    public bool CanPlant => Tokens.Length > 0;

    /// <summary>Neurons of a layer of the reference among which an origin is looked for, at most.</summary>
    public int Candidates => plan.ReferenceLayers.Max(layer => reference.Experts(layer).Sum(expert => reference.Neurons(layer, expert)));

    private int[] Tokens => join is { } shared && plan.TokensPerDimension > 0
        ? VocabularyAlignment.Tokens(shared.Suspect.Length, Math.Min(suspect.Width, reference.Width), plan.TokensPerDimension * Math.Min(suspect.Width, reference.Width), seed) : [];

    /// <summary>Searches.</summary>
    /// <returns>The pair with the agreement of every judged layer, in rows shortened; the neurons that agree in the best layer of each; the map that judged them,
    /// null for the basis as stored.</returns>
    public (AlignedPair Pair, IReadOnlyDictionary<int, NeuronMap> Neurons, ResidualMap? Map) Run()
    {
        var starts = WideStart.Of(suspect.Width, reference.Width, Words(), threads, cancellation);
        step("aligning");
        var rows = plan.SuspectLayers.Select(layer => Drawn(suspect, layer)).ToArray();
        var judged = new WideLayer[starts.Count][];
        for (var start = 0; start < starts.Count; start++)
        {
            judged[start] = [.. rows.Select((layer, i) => new WideLayer(plan.SuspectLayers[i], layer, Shortened(layer, starts[start])))];
        }

        var cells = judged.SelectMany(layers => layers).Where(layer => layer.Rows is not null).ToArray();
        foreach (var layer in plan.ReferenceLayers)
        {
            if (ShortenedLayer.Read(reference, layer, plan.WithDown, projection, threads, cancellation) is { } pool)
            {
                Parallel.ForEach(cells, SharedThreads.Options(threads, cancellation), cell => cell.Compare(pool, reference));
            }

            step("comparing layers");
        }

        return Assembled(starts, judged);
    }

    /// <summary>What the search finds of a child of the reference made up in memory: the share of neurons that agree in each of as many layers as the suspect's.</summary>
    /// <remarks>The child is not rotated: the polar factor turns with a rotation, so that the child would be found alike.</remarks>
    /// <param name="cosine">Cosine of every row with the reference's.</param>
    /// <returns>One share a layer.</returns>
    public IReadOnlyList<double> Planted(double cosine)
    {
        ulong calls = 0;
        float[] Noisy(float[] rows) => NoisyRows.Of(rows, reference.Width, cosine, new CounterRandom(seed, CounterRandom.Mix(NoiseStream, ++calls)));
        var start = WideStart.Of(
            reference.Width, reference.Width, Words(reference).Select(rows => (rows, Noisy(rows))), threads, cancellation)[^1];
        var layers = plan.ReferenceLayers.Count <= plan.SuspectLayers.Count ? plan.ReferenceLayers
            : [.. Enumerable.Range(0, plan.SuspectLayers.Count).Select(i => plan.ReferenceLayers[(int)((i + 0.5) * plan.ReferenceLayers.Count / plan.SuspectLayers.Count)])];
        var shares = new List<double>();
        foreach (var layer in layers)
        {
            var drawn = Drawn(reference, layer).Select(mlp => mlp with { Views = [.. mlp.Views.Select(Noisy)] }).ToArray();
            if (Shortened(drawn, start) is { } rows && ShortenedLayer.Read(reference, layer, plan.WithDown, projection, threads, cancellation) is { } pool)
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
        if (Shortened(drawn, new WideStart("", null)) is not { } rows || ShortenedLayer.Read(reference, two, plan.WithDown, projection, threads, cancellation) is not { } pool)
        {
            return 0;
        }

        var cell = new WideLayer(one, drawn, rows);
        cell.Compare(pool, reference);
        return cell.Share(two);
    }

    // One kind of matrix at a time: at a width of 8,192 each is a gigabyte.
    private IEnumerable<(float[] Reference, float[] Suspect)> Words()
    {
        var drawn = Tokens;
        int[] own = [.. drawn.Select(i => join!.Value.Suspect[i])], other = [.. drawn.Select(i => join!.Value.Reference[i])];
        if (drawn.Length > 0 && reference.Embedding(other) is { } one && suspect.Embedding(own) is { } two)
        {
            yield return (one, two);
        }

        if (drawn.Length > 0 && reference.Unembedding(other) is { } three && suspect.Unembedding(own) is { } four)
        {
            yield return (three, four);
        }
    }

    private IEnumerable<float[]> Words(FoldedModel model)
    {
        int[] tokens = [.. Tokens.Select(i => join!.Value.Reference[i])];
        if (model.Embedding(tokens) is { } one)
        {
            yield return one;
        }

        if (model.Unembedding(tokens) is { } two)
        {
            yield return two;
        }
    }

    private MlpRows[] Drawn(FoldedModel model, int layer) =>
        [.. WidePlan.Drawn(model, layer, plan.Seats, seed).Select(drawn => model.Mlp(layer, drawn.Expert, drawn.Seats, plan.WithDown)).OfType<MlpRows>()];

    // In the reference's basis, so that its many rows need no product with the map.
    private ShortenedLayer? Shortened(IReadOnlyList<MlpRows> mlps, WideStart start) => mlps.Count == 0 ? null : ShortenedLayer.Of(
        [.. mlps.Select(mlp => mlp with { Width = reference.Width, Views = [.. mlp.Views.Select(view => start.Back(view, mlp.Count, threads))] })],
        [.. mlps.SelectMany(ShortenedLayer.LogLengthsOf)], projection);

    private (AlignedPair, IReadOnlyDictionary<int, NeuronMap>, ResidualMap?) Assembled(IReadOnlyList<WideStart> starts, WideLayer[][] judged)
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
            // Of one judged layer alone the choice cannot be made by others; the basis as stored then comes first.
            var others = Enumerable.Range(0, plan.SuspectLayers.Count).Where(i => i % 2 != half).ToArray();
            chosen[half] = Enumerable.Range(0, starts.Count).MaxBy(start => others.Sum(i => judged[start][i].BestAgreeing));
        }

        var (own, other) = (Empty(suspect.Layers), Empty(reference.Layers));
        var neurons = new SortedDictionary<int, NeuronMap>();
        for (var i = 0; i < plan.SuspectLayers.Count; i++)
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
        var fit = new CrossFit(halves, [same, same], [.. chosen.Select(start => starts[start].Name)], held, [null, null]);
        return (new AlignedPair(new AlignmentInput(projection.To, own, null, null), new AlignmentInput(projection.To, other, null, null), fit), neurons, starts[chosen[0]].Map);
    }

    private static LayerInput[] Empty(int layers) => [.. Enumerable.Range(0, layers).Select(_ => new LayerInput([], new SortedDictionary<string, float[]>(StringComparer.Ordinal)))];
}
