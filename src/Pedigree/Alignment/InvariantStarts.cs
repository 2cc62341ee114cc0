using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Starts for an alignment from single layers of either model, without a vocabulary: neurons are named by <see cref="NeuronInvariants"/>, and the map is fitted to the pairs.</summary>
internal sealed class InvariantStarts
{
    private const int MostFit = 6;
    private const int MostReference = 8;

    // One round of matching neurons shows whether a start was right: the agreement of its own layers then stands out.
    private const int Kept = 2;

    private readonly AlignmentInput suspect;
    private readonly AlignmentInput reference;
    private readonly int threads;
    private readonly CancellationToken cancellation;
    private readonly int vectors;
    private readonly MeasuredReference measured;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="measured">What is measured of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public InvariantStarts(AlignmentInput suspect, AlignmentInput reference, MeasuredReference measured, int threads, CancellationToken cancellation)
    {
        (this.suspect, this.reference, this.measured, this.threads, this.cancellation) = (suspect, reference, measured, threads, cancellation);
        vectors = Math.Min(NeuronInvariants.MostVectors, Math.Min(suspect.Width, reference.Width));
    }

    /// <summary>The best starts, those after which the layers that they were had from agree most. May be called for several sets of layers at once.</summary>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    /// <param name="step">Called after each layer.</param>
    public IReadOnlyList<(string Name, ResidualMap Map)> Of(IReadOnlyList<int> fit, Action<string> step)
    {
        int[] own = [.. LayeredMoments.Spread(fit, MostFit).Where(layer => suspect.Layers[layer].Judged.Count > 0)];
        var best = new Pair?[own.Length];
        Parallel.For(0, own.Length, SharedThreads.Options(threads, cancellation), i =>
        {
            best[i] = Best(own[i]);
            step("aligning layer by layer");
        });
        Pair[] pairs = [.. best.OfType<Pair>()];

        // All pairs together, or one alone: where a few layers were transplanted, the other pairs are no pairs.
        IReadOnlyList<Pair>[] choices = [.. pairs.Length > 1 ? [pairs] : Array.Empty<Pair[]>(), .. pairs.Select(pair => new[] { pair })];
        var found = new (double Weight, ResidualMap Map)?[choices.Length];
        Parallel.For(0, choices.Length, SharedThreads.Options(threads, cancellation), i => found[i] = Sharpened(choices[i]));
        // The order of sorting is stable: among equals the first stands.
        return [.. found.OfType<(double Weight, ResidualMap Map)>().OrderByDescending(start => start.Weight).Take(Kept).Select(start => ("neurons alike in any basis", start.Map))];
    }

    private (double Weight, ResidualMap Map)? Sharpened(IReadOnlyList<Pair> pairs)
    {
        var start = new MapFit(reference.Width, suspect.Width, threads);
        foreach (var pair in pairs)
        {
            var pool = reference.Layers[pair.Other].Pool!;
            foreach (var (neurons, match) in pair.Matches)
            {
                int[] rows = [.. Enumerable.Range(0, neurons.Count).Where(i => match.Weights[i] > 0)];
                RowRefinement.Add(
                    start, (neurons.Rows, neurons.Rows.ColumnMeans(), [.. rows.Select(i => neurons.Places[i])]), (pool.Rows, pool.Means, [.. rows.Select(i => pair.Pool.Places[match.Match[i]])]),
                    [.. rows.Select(i => match.Weights[i])], [.. rows.Select(i => match.Signs[i])]);
            }
        }

        var mlps = pairs.Select(pair => (IReadOnlyList<StandardRows>)[.. suspect.Layers[pair.Layer].Judged.Select(StandardRows.Of)]).ToArray();
        return start.Map(cancellation) is { } map
            && RowRefinement.Round(map, [.. pairs.Select((pair, i) => (mlps[i], reference.Layers[pair.Other].Pool!))], threads, cancellation) is { } sharper
            ? (pairs.Select((pair, i) => LayerAgreement.Of([(pair.Layer, mlps[i])], reference with { Layers = [reference.Layers[pair.Other]] }, sharper, threads, cancellation).Weight).Sum(), sharper)
            : null;
    }

    // The layer of the reference among whose neurons those of the suspect stand out most.
    private Pair? Best(int layer)
    {
        var own = NeuronInvariants.Directions(LayerMoments.Of(suspect.Layers[layer], suspect.Width, suspect.Heads, threads, cancellation), suspect.Width, vectors, threads, cancellation);
        // Layers at the same relative depth come first.
        var depth = (layer + 0.5) / suspect.Layers.Count * reference.Layers.Count;
        (double Score, Pair Pair)? best = null;
        foreach (var other in Enumerable.Range(0, reference.Layers.Count).Where(other => reference.Layers[other].Pool is not null)
            .OrderBy(other => Math.Abs(other + 0.5 - depth)).ThenBy(other => other).Take(MostReference))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] kinds = [.. own.Keys.Where(measured.Directions(other, vectors).ContainsKey)];
            var pool = measured.Neurons(other, vectors, kinds);
            (NeuronInvariants Neurons, InvariantMatch Match)[] matches = [.. suspect.Layers[layer].Judged.Where(mlp => mlp.Names.SequenceEqual(pool.Rows.Names, StringComparer.Ordinal)).Select(mlp =>
            {
                var neurons = NeuronInvariants.Of(mlp, [.. kinds.Select(kind => own[kind])], threads);
                return (neurons, NeuronInvariants.Match(neurons, pool, threads));
            })];
            var score = matches.Sum(match => match.Match.Score);
            if (matches.Length > 0 && (best is null || score > best.Value.Score))
            {
                best = (score, new Pair(layer, other, pool, matches));
            }
        }

        return best?.Pair;
    }

    private sealed record Pair(int Layer, int Other, NeuronInvariants Pool, (NeuronInvariants Neurons, InvariantMatch Match)[] Matches);
}
