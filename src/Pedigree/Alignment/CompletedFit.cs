namespace Pedigree.Alignment;

/// <summary>Finds the layers that a half of a cross-fit missed because no map was found for it, once the other half has shown that there is something to find.</summary>
/// <remarks>
/// The map of the missed half is fitted on the other half's layers that were linked, from the map under which they were. That map was fitted on the missed half, so this must decide nothing:
/// it is asked for only after a relation was shown without it, and says which further layers belong to it.
/// </remarks>
internal static class CompletedFit
{
    /// <summary>The cross-fit with the missed half judged again; the same where nothing was missed or more cannot be found.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="links">For each layer of the suspect, the layer of the reference that it was shown to come from; -1 for none.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CrossFit Of(AlignedPair pair, IReadOnlyList<int> links, int threads, CancellationToken cancellation)
    {
        var fit = pair.Fit;
        for (var half = 0; half < 2; half++)
        {
            int[] known = [.. Of(fit, links, 1 - half, isLinked: true)];
            int[] missed = [.. Of(fit, links, half, isLinked: false).Where(layer => pair.Suspect.Layers[layer].Judged.Count > 0)];
            if (known.Length == 0 || missed.Length == 0 || Fitted(pair, links, known, fit.Maps[1 - half]!, threads, cancellation) is not { } map)
            {
                continue;
            }

            var found = LayerAgreement.Of([.. missed.Select(layer => (layer, Rows(pair, layer)))], pair.Reference, map, threads, cancellation);
            if (found.Total > missed.Sum(layer => fit.Held.Agreeing[layer][fit.Held.Best(layer)]))
            {
                // Layers of this half that were linked keep what they were linked by.
                var maps = fit.Maps.ToArray();
                maps[half] = Of(fit, links, half, isLinked: true).Any() ? maps[half] : map;
                fit = fit with { Maps = maps, Held = Replaced(fit.Held, missed, found) };
            }
        }

        return fit;
    }

    /// <summary>A fit by halves of neurons with one map for whole layers, fitted on all neurons of the layers that were linked. It shows what was found and judges nothing.</summary>
    /// <param name="pair">The aligned pair, with a map to begin from.</param>
    /// <param name="links">As above.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CrossFit Whole(AlignedPair pair, IReadOnlyList<int> links, int threads, CancellationToken cancellation)
    {
        int[] known = [.. Enumerable.Range(0, links.Count).Where(layer => links[layer] >= 0)];
        return pair.Fit with { Maps = [Fitted(pair, links, known, pair.Fit.Maps[0]!, threads, cancellation) ?? pair.Fit.Maps[0], null] };
    }

    private static IEnumerable<int> Of(CrossFit fit, IReadOnlyList<int> links, int half, bool isLinked) =>
        Enumerable.Range(0, links.Count).Where(layer => fit.Halves[layer] == half && links[layer] >= 0 == isLinked);

    private static IReadOnlyList<StandardRows> Rows(AlignedPair pair, int layer) => [.. pair.Suspect.Layers[layer].Judged.Select(StandardRows.Of)];

    private static ResidualMap? Fitted(AlignedPair pair, IReadOnlyList<int> links, int[] known, ResidualMap start, int threads, CancellationToken cancellation)
    {
        (IReadOnlyList<StandardRows>, NeuronPool)[] pairs = [.. known.Select(layer => (Rows(pair, layer), pair.Reference.Layers[links[layer]].Pool!))];
        var map = start;
        for (var round = 0; round < RowRefinement.Rounds; round++)
        {
            if (RowRefinement.Round(map, pairs, threads, cancellation) is not { } next)
            {
                return null;
            }

            map = next;
        }

        return map;
    }

    private static LayerAgreement Replaced(LayerAgreement held, int[] layers, LayerAgreement found)
    {
        var result = held with { Agreeing = [.. held.Agreeing], Possible = [.. held.Possible], Chance = [.. held.Chance] };
        for (var row = 0; row < layers.Length; row++)
        {
            (result.Agreeing[layers[row]], result.Possible[layers[row]], result.Chance[layers[row]]) = (found.Agreeing[row], found.Possible[row], found.Chance[row]);
        }

        return result;
    }
}
