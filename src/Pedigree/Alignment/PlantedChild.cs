using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A positive control: a child of the reference made up in memory, with noise of a known size on every row, its residual basis turned at random and its neurons
/// in random order. What the search does not find in it, it would not have found in the suspect.</summary>
internal static class PlantedChild
{
    private const ulong Stream = 0x706c616e74;

    /// <summary>What a child is planted of: as many layers of the reference as the suspect has, and of each as many neurons as are looked at in the suspect. Fewer of either make a map harder to find.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="suspect">The suspect.</param>
    public static AlignmentInput Parent(AlignmentInput reference, AlignmentInput suspect)
    {
        LayerInput[] own = [.. reference.Layers.Where(layer => layer.Pool is not null)];
        int[] judged = [.. suspect.Layers.Where(layer => layer.Judged.Count > 0).Select(layer => layer.Judged.Sum(mlp => mlp.Count))];
        var layers = judged.Length < own.Length ? WidePlan.Spread(own, Math.Max(1, judged.Length)) : reference.Layers;
        return reference with { Layers = [.. layers.Select(layer => Cut(layer, judged.DefaultIfEmpty(0).Max()))] };
    }

    /// <summary>Plants a child.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="width">Width of the child: a narrower one keeps a random part of the residual stream, a wider one holds it in a random part of its own.</param>
    /// <param name="cosine">Cosine c of every row with the reference's, once mapped: x becomes c·x + √(1-c²)·|x|·z, z normal of length about 1.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AlignmentInput Of(AlignmentInput reference, int width, double cosine, ulong seed, int threads, CancellationToken cancellation)
    {
        var random = new CounterRandom(seed, Stream);
        var gaussian = new float[checked(width * reference.Width)];
        for (var i = 0; i < gaussian.Length; i++)
        {
            gaussian[i] = (float)random.NextGaussian();
        }

        // The polar factor of a Gaussian matrix is uniformly distributed over orthogonal matrices.
        var map = ResidualMap.Nearest(gaussian, reference.Width, width, threads, cancellation)!;
        var layers = new LayerInput[reference.Layers.Count];
        Parallel.For(0, layers.Length, SharedThreads.Options(threads, cancellation), layer =>
        {
            var input = reference.Layers[layer];
            var at = CounterRandom.Mix(Stream, (ulong)layer);
            ulong part = 0;
            var mlps = new List<MlpRows>();
            int[] judged = JudgedExperts.Of([.. input.Mlps.Select(mlp => (mlp.Expert, mlp.TotalSeats))], layer, seed);
            foreach (var mlp in input.Mlps)
            {
                var order = new CounterRandom(seed, CounterRandom.Mix(at, ++part)).Permutation(mlp.Count);
                mlps.Add(mlp with
                {
                    Width = width,
                    Views = [.. mlp.Views.Select(view => Noisy(Ordered(view, mlp.Width, order), CounterRandom.Mix(at, ++part)))],
                });
            }

            var attention = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var (name, rows) in input.Attention)
            {
                attention[name] = Noisy(rows, CounterRandom.Mix(at, ++part));
            }

            layers[layer] = new LayerInput(mlps, attention, [.. mlps.Where(mlp => judged.Contains(mlp.Expert))]);
        });

        return new AlignmentInput(
            width, layers, reference.Embedding is { } embedding ? Noisy(embedding, CounterRandom.Mix(Stream, 1 << 20)) : null,
            reference.Unembedding is { } unembedding ? Noisy(unembedding, CounterRandom.Mix(Stream, 1 << 21)) : null);

        float[] Noisy(float[] stored, ulong stream) =>
            NoisyRows.Of(map.Apply(stored, stored.Length / reference.Width, threads), width, cosine, new CounterRandom(seed, stream));
    }

    // Two neurons are the fewest that can be matched.
    private static LayerInput Cut(LayerInput layer, long most)
    {
        var all = JudgedExperts.Neurons([.. layer.Mlps.Select(mlp => (mlp.Expert, mlp.Count))]);
        return all <= most ? layer : new LayerInput(
            [.. layer.Mlps.Select(mlp => mlp.Of([.. WidePlan.Spread([.. Enumerable.Range(0, mlp.Count)], (int)Math.Max(2, mlp.Count * most / all))]))], layer.Attention)
        { Latent = layer.Latent };
    }

    private static float[] Ordered(float[] rows, int width, int[] order)
    {
        var result = new float[checked(order.Length * width)];
        for (var i = 0; i < order.Length; i++)
        {
            rows.AsSpan(order[i] * width, width).CopyTo(result.AsSpan(i * width, width));
        }

        return result;
    }
}
