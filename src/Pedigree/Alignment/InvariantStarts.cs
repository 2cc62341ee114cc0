namespace Pedigree.Alignment;

/// <summary>Starts for an alignment from single layers of either model, without a vocabulary: neurons are named by <see cref="NeuronInvariants"/>, and the map is fitted to the pairs.</summary>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class InvariantStarts(AlignmentInput suspect, AlignmentInput reference, int threads, CancellationToken cancellation)
{
    private const int MostFit = 6;
    private const int MostReference = 8;

    // One round of matching neurons shows whether a start was right: the agreement of its own two layers then stands out.
    private const int Kept = 2;

    private readonly int vectors = Math.Min(NeuronInvariants.MostVectors, Math.Min(suspect.Width, reference.Width));
    private readonly Dictionary<(bool Suspect, int Layer), IReadOnlyDictionary<string, float[]>> directions = [];

    /// <summary>The best starts, those after which the layers that they were had from agree most.</summary>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    /// <param name="step">Called after each layer.</param>
    public IReadOnlyList<(string Name, ResidualMap Map)> Of(IReadOnlyList<int> fit, Action<string> step)
    {
        var pairs = new List<(int Layer, int Other, Action<MapFit> Add)>();
        foreach (var layer in Spread(fit, MostFit).Where(layer => suspect.Layers[layer].Judged.Count > 0))
        {
            if (Best(layer) is { } best)
            {
                pairs.Add((layer, best.Other, best.Add));
            }

            step("aligning layer by layer");
        }

        // All pairs together, or one alone: where a few layers were transplanted, the other pairs are no pairs.
        var found = new List<(int Agreeing, int Order, ResidualMap Map)>();
        foreach (var chosen in pairs.Select(pair => (IReadOnlyList<(int Layer, int Other, Action<MapFit> Add)>)[pair]).Prepend(pairs).Where((chosen, i) => chosen.Count > 1 || i > 0))
        {
            var start = new MapFit(reference.Width, suspect.Width, threads);
            foreach (var (_, _, add) in chosen)
            {
                add(start);
            }

            var rows = chosen.Select(pair => (pair.Layer, Mlps: (IReadOnlyList<StandardRows>)[.. suspect.Layers[pair.Layer].Judged.Select(StandardRows.Of)])).ToArray();
            if (start.Map(cancellation) is { } map
                && RowRefinement.Round(map, [.. chosen.Select((pair, i) => (rows[i].Mlps, reference.Layers[pair.Other].Pool!.Rows))], threads, cancellation) is { } sharper)
            {
                var agreeing = chosen.Select((pair, i) => LayerAgreement.Of([rows[i]], reference with { Layers = [reference.Layers[pair.Other]] }, sharper, threads, cancellation).Total).Sum();
                found.Add((agreeing, found.Count, sharper));
            }
        }

        return [.. found.OrderByDescending(start => start.Agreeing).ThenBy(start => start.Order).Take(Kept).Select(start => ("neurons alike in any basis", start.Map))];
    }

    // The layer of the reference among whose neurons those of the suspect stand out most, and how to add the pairs to a fit.
    private (int Other, Action<MapFit> Add)? Best(int layer)
    {
        // Layers at the same relative depth come first.
        var depth = (layer + 0.5) / suspect.Layers.Count * reference.Layers.Count;
        (int Other, double Score, Action<MapFit> Add)? best = null;
        foreach (var other in Enumerable.Range(0, reference.Layers.Count).Where(other => reference.Layers[other].Pool is not null)
            .OrderBy(other => Math.Abs(other + 0.5 - depth)).ThenBy(other => other).Take(MostReference))
        {
            cancellation.ThrowIfCancellationRequested();
            var (own, its) = (Directions(true, layer), Directions(false, other));
            string[] kinds = [.. own.Keys.Where(its.ContainsKey)];
            var pool = NeuronInvariants.Of(reference.Layers[other].Pool!.Rows, [.. kinds.Select(kind => its[kind])], threads);
            var matches = suspect.Layers[layer].Judged.Where(mlp => mlp.Views.Count == pool.Rows.Views.Count).Select(mlp =>
            {
                var neurons = NeuronInvariants.Of(mlp, [.. kinds.Select(kind => own[kind])], threads);
                return (Neurons: neurons, Match: NeuronInvariants.Match(neurons, pool, threads));
            }).ToArray();
            var score = matches.Sum(match => match.Match.Score);
            if (matches.Length > 0 && (best is null || score > best.Value.Score))
            {
                best = (other, score, fit =>
                {
                    foreach (var (neurons, match) in matches)
                    {
                        int[] rows = [.. Enumerable.Range(0, neurons.Count).Where(i => match.Weights[i] > 0)];
                        RowRefinement.Add(
                            fit, (neurons.Rows, [.. rows.Select(i => neurons.Places[i])]), (pool.Rows, [.. rows.Select(i => pool.Places[match.Match[i]])]),
                            [.. rows.Select(i => match.Weights[i])], [.. rows.Select(i => match.Signs[i])]);
                    }
                });
            }
        }

        return best is { } found ? (found.Other, found.Add) : null;
    }

    private IReadOnlyDictionary<string, float[]> Directions(bool ofSuspect, int layer)
    {
        if (!directions.TryGetValue((ofSuspect, layer), out var found))
        {
            var model = ofSuspect ? suspect : reference;
            found = directions[(ofSuspect, layer)] = NeuronInvariants.Directions(LayerMoments.Of(model.Layers[layer], model.Width, model.Heads, threads, cancellation), model.Width, vectors, threads, cancellation);
        }

        return found;
    }

    private static IEnumerable<int> Spread(IReadOnlyList<int> layers, int most) => layers.Count <= most
        ? layers : Enumerable.Range(0, most).Select(i => layers[(int)((i + 0.5) * layers.Count / most)]);
}
