using System.Collections.Concurrent;

namespace Pedigree.Alignment;

/// <summary>What searches measure of a reference whatever the suspect, each thing once and when it is asked for.</summary>
/// <param name="reference">The reference.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class MeasuredReference(AlignmentInput reference, int threads, CancellationToken cancellation)
{
    // Values of neurons that are kept, 256 MiB; of larger references the rest is measured each time.
    private const long MostValues = 1 << 26;

    private readonly Lazy<SecondMoments> moments = new(() => SecondMoments.Of(reference, Enumerable.Range(0, reference.Layers.Count), threads));
    private readonly ConcurrentDictionary<(int Layer, int Vectors), Lazy<IReadOnlyDictionary<string, float[]>>> directions = new();
    private readonly ConcurrentDictionary<(int Layer, int Vectors, string Kinds), Lazy<NeuronInvariants>> neurons = new();
    private long values;

    /// <summary>Second moments over all layers.</summary>
    public SecondMoments Moments => moments.Value;

    /// <summary>Second moments by layer.</summary>
    public IReadOnlyList<Lazy<IReadOnlyDictionary<string, float[]>>> ByLayer { get; } = LayeredMoments.OfLayers(reference, threads, cancellation);

    /// <summary>Leading eigenvectors of the moments of a layer, by kind.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="vectors">Vectors of each, at most d.</param>
    public IReadOnlyDictionary<string, float[]> Directions(int layer, int vectors) => directions.GetOrAdd(
        (layer, vectors), key => new(() => NeuronInvariants.Directions(ByLayer[key.Layer].Value, reference.Width, key.Vectors, threads, cancellation))).Value;

    /// <summary>The neurons of a layer along directions of some kinds.</summary>
    /// <param name="layer">The layer, one that has a pool of neurons.</param>
    /// <param name="vectors">As above.</param>
    /// <param name="kinds">The kinds, all of which the layer has.</param>
    public NeuronInvariants Neurons(int layer, int vectors, string[] kinds) => neurons.GetOrAdd((layer, vectors, string.Join('\0', kinds)), key => new(() =>
    {
        var along = Directions(key.Layer, key.Vectors);
        var measured = NeuronInvariants.Of(reference.Layers[key.Layer].Pool!.Rows, [.. kinds.Select(kind => along[kind])], threads);
        if (Interlocked.Add(ref values, measured.Fixed.Length + measured.Mixed.Length) > MostValues)
        {
            Interlocked.Add(ref values, -(measured.Fixed.Length + measured.Mixed.Length));
            neurons.TryRemove(key, out _);
        }

        return measured;
    })).Value;
}
