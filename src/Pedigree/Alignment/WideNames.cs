using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Neurons of a layer of the suspect, named among those of a layer of the reference.</summary>
/// <param name="Layer">Layer of the suspect.</param>
/// <param name="Other">Layer of the reference.</param>
/// <param name="Own">Places of the suspect's neurons.</param>
/// <param name="Named">The place that each was given in the reference.</param>
/// <param name="Match">How far each stands out, and its sign.</param>
internal sealed record WidePair(int Layer, int Other, (int Expert, int Seat)[] Own, (int Expert, int Seat)[] Named, InvariantMatch Match);

/// <summary>Names neurons of large models by <see cref="NeuronInvariants"/>: rows pass by in pieces, and a layer of the reference is measured once.</summary>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="seed">The comparison's seed.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class WideNames(WideRows suspect, WideRows reference, ulong seed, int threads, CancellationToken cancellation)
{
    /// <summary>Neurons of a layer of the suspect that are named: three views of two thousand in each of four layers are three rows a dimension at a width of 8,192.</summary>
    public const int Neurons = 2048;

    /// <summary>Layers of the reference in which they are looked for.</summary>
    public const int Near = 3;

    private const int MostCandidates = 16384;

    private readonly int vectors = Math.Min(NeuronInvariants.MostVectors, Math.Min(suspect.Model.Width, reference.Model.Width));
    private readonly Dictionary<int, Measured?> measured = [];

    /// <summary>Layers of the reference nearest in relative depth to one of the suspect, the nearest first.</summary>
    /// <param name="layer">Layer of the suspect.</param>
    /// <param name="layers">Layers of the reference that may be looked at.</param>
    public IReadOnlyList<int> Nearest(int layer, IReadOnlyList<int> layers)
    {
        var depth = (layer + 0.5) / suspect.Model.Layers * reference.Model.Layers;
        return [.. layers.OrderBy(other => Math.Abs(other + 0.5 - depth)).ThenBy(other => other).Take(Near)];
    }

    /// <summary>Names the neurons of a layer.</summary>
    /// <param name="layer">Layer of the suspect.</param>
    /// <param name="others">Layers of the reference.</param>
    /// <returns>One entry for each of the reference's layers that has neurons of the same views, in their order.</returns>
    public IReadOnlyList<WidePair> Of(int layer, IReadOnlyList<int> others)
    {
        var pairs = new List<WidePair>();
        if (Measure(suspect, layer, Neurons) is not { } own)
        {
            return pairs;
        }

        foreach (var other in others)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!measured.TryGetValue(other, out var pool))
            {
                pool = measured[other] = Measure(reference, other, MostCandidates);
            }

            if (pool is { Neurons.Count: > 1 } && pool.Neurons.Rows.Names.SequenceEqual(own.Neurons.Rows.Names, StringComparer.Ordinal))
            {
                var match = NeuronInvariants.Match(own.Neurons, pool.Neurons, threads);
                pairs.Add(new WidePair(layer, other, [.. own.Neurons.Places.Select(i => own.Places[i])], [.. match.Match.Select(i => pool.Places[pool.Neurons.Places[i]])], match));
            }
        }

        return pairs;
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
        return NeuronInvariants.Of(model.Pieces(layer, places), directions, threads) is { } neurons ? new Measured(places, neurons) : null;
    }

    private sealed record Measured((int Expert, int Seat)[] Places, NeuronInvariants Neurons);
}
