namespace Pedigree.Alignment;

/// <summary>What <see cref="WideSearch"/> found.</summary>
/// <param name="Pair">The pair with the agreement of every judged layer, in rows shortened.</param>
/// <param name="Neurons">The neurons that agree in the best layer of each.</param>
/// <param name="Map">The map that judged most of them; null for the basis as stored.</param>
/// <param name="Layers">The judged layers.</param>
/// <param name="IsShaped">Whether a map was fitted on layers.</param>
internal sealed record WideResult(AlignedPair Pair, IReadOnlyDictionary<int, NeuronMap> Neurons, ResidualMap? Map, IReadOnlyList<WideLayer> Layers, bool IsShaped)
{
    /// <summary>Puts the judged layers together.</summary>
    /// <param name="layers">The judged layers, each under its map.</param>
    /// <param name="suspect">Layers of the suspect, and those planned to be judged.</param>
    /// <param name="referenceLayers">Layers of the reference.</param>
    /// <param name="width">Values of a shortened row.</param>
    /// <param name="names">How the map of each half was had.</param>
    /// <param name="map">See <see cref="Map"/>.</param>
    /// <param name="isShaped">See <see cref="IsShaped"/>.</param>
    public static WideResult Of(
        IReadOnlyList<WideLayer> layers, (int Layers, IReadOnlyList<int> Judged) suspect, int referenceLayers, int width, IReadOnlyList<string> names, ResidualMap? map, bool isShaped)
    {
        var halves = new int[suspect.Layers];
        for (var i = 0; i < suspect.Judged.Count; i++)
        {
            halves[suspect.Judged[i]] = i % 2;
        }

        var held = LayerAgreement.Empty([.. Enumerable.Range(0, suspect.Layers)], referenceLayers);
        var (own, other) = (Empty(suspect.Layers), Empty(referenceLayers));
        var neurons = new SortedDictionary<int, NeuronMap>();
        foreach (var layer in layers)
        {
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

        var same = ResidualMap.Identity(width);
        var fit = new CrossFit(halves, [same, same], names, held, [null, null]);
        return new WideResult(new AlignedPair(new AlignmentInput(width, own, null, null), new AlignmentInput(width, other, null, null), fit), neurons, map, layers, isShaped);
    }

    private static LayerInput[] Empty(int layers) => [.. Enumerable.Range(0, layers).Select(_ => new LayerInput([], new SortedDictionary<string, float[]>(StringComparer.Ordinal)))];
}
