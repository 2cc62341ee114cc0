using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>What the heads of a layer do, whatever basis each of them uses inside: for every query head the products W_Qᵀ·W_K and W_O·W_V, d × d each, as inner products with
/// random matrices of rank one.</summary>
/// <remarks>
/// A head may turn each rotary plane of its queries and keys by an angle and a factor, and mix its values by any invertible matrix (methods S8, S9); both products stay as they
/// are, for either layout of rotary pairs. In the residual stream they turn as R·M·Rᵀ, so the suspect's probe u becomes Rᵀu for the reference and no product is ever formed:
/// uᵀ·M·w = (W_Q·u)·(W_K·w). Latent attention has the same products through its compressed vectors (<see cref="LatentRows"/>). The cosine of two sketches of m probes estimates that of the products with an error of about 1/√m.
/// </remarks>
/// <param name="Layer">The layer.</param>
/// <param name="Heads">Query heads that were read whole, ascending.</param>
/// <param name="QueryKey">Heads × probes.</param>
/// <param name="ValueOutput">Heads × probes.</param>
/// <param name="LogLengths">For each head, the sum of the logs of the Frobenius norms of both products.</param>
internal sealed record HeadSketches(int Layer, int[] Heads, float[] QueryKey, float[] ValueOutput, double[] LogLengths)
{
    private const ulong Stream = 0x6865616473;
    private const int MostProbes = 1024;
    private const int FewestProbes = 256;

    /// <summary>Probes for a width: fewer where rows are long, since each costs a product with every row.</summary>
    public static int Probes(int width) => (int)Math.Clamp((1L << 19) / Math.Max(1, width), FewestProbes, MostProbes);

    /// <summary>Random vectors u and w in the basis of the suspect, probes × width each.</summary>
    /// <param name="width">Width of the suspect.</param>
    /// <param name="seed">The comparison's seed.</param>
    public static (float[] Left, float[] Right) Draw(int width, ulong seed)
    {
        var random = new CounterRandom(seed, Stream);
        var (left, right) = (new float[Probes(width) * width], new float[Probes(width) * width]);
        foreach (var vectors in new[] { left, right })
        {
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] = (float)random.NextGaussian();
            }
        }

        return (left, right);
    }

    /// <summary>Sketches the heads of some layers.</summary>
    /// <param name="model">The model; its head layout must be known.</param>
    /// <param name="layers">The layers; those without all four matrices are left out.</param>
    /// <param name="probes">Vectors in this model's basis, probes × width.</param>
    /// <param name="threads">Threads to use.</param>
    public static IReadOnlyList<HeadSketches> Of(AlignmentInput model, IReadOnlyList<int> layers, (float[] Left, float[] Right) probes, int threads)
    {
        var found = new HeadSketches?[layers.Count];
        if (model.Heads is { } heads)
        {
            Parallel.For(0, layers.Count, SharedThreads.Options(threads), i => found[i] = Sketch(model, heads, layers[i], probes, threads));
        }

        return [.. found.OfType<HeadSketches>().Where(sketches => sketches.Heads.Length > 0)];
    }

    /// <summary>The two products of a query head that was read whole.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">A layer that has sketches.</param>
    /// <param name="head">One of its <see cref="Heads"/>.</param>
    public static (HeadProduct QueryKey, HeadProduct ValueOutput) Products(AlignmentInput model, int layer, int head)
    {
        var (heads, attention, width) = (model.Heads!, model.Layers[layer].Attention, model.Width);
        var group = head / (heads.Query / heads.KeyValue);
        var length = attention[nameof(Part.Value)].Length / width / heads.KeyValue;
        // Long projections were read in their middle.
        float[] Rows(string part, int first, int count, int all)
        {
            var rows = attention[part];
            return rows.AsSpan((first - ((all - (rows.Length / width)) / 2)) * width, count * width).ToArray();
        }

        var latent = model.Layers[layer].Latent;
        return (
            new HeadProduct(
                Rows(nameof(Part.Query), head * heads.Dimension, heads.Dimension, heads.Query * heads.Dimension),
                Rows(nameof(Part.Key), group * heads.Dimension, heads.Dimension, heads.KeyValue * heads.Dimension), heads.Dimension)
            { Shape = ProductShape.Attends(heads, width, latent) },
            new HeadProduct(
                Rows(nameof(Part.AttentionOutput), head * length, length, heads.Query * length), Rows(nameof(Part.Value), group * length, length, heads.KeyValue * length), length)
            { Shape = ProductShape.Writes(length, width, latent) });
    }

    private static HeadSketches? Sketch(AlignmentInput model, HeadLayout heads, int layer, (float[] Left, float[] Right) probes, int threads)
    {
        var attention = model.Layers[layer].Attention;
        if (!attention.TryGetValue(nameof(Part.Query), out var query) || !attention.TryGetValue(nameof(Part.Key), out var key)
            || !attention.TryGetValue(nameof(Part.Value), out var value) || !attention.TryGetValue(nameof(Part.AttentionOutput), out var output))
        {
            return null;
        }

        var count = probes.Left.Length / model.Width;
        var valueRows = value.Length / model.Width;
        var length = valueRows / heads.KeyValue;
        // Long projections were read in their middle (AlignmentReading); keys and values must be whole.
        if (key.Length / model.Width != heads.KeyValue * heads.Dimension || length == 0 || valueRows % heads.KeyValue != 0)
        {
            return null;
        }

        var (queryRows, outputRows) = (query.Length / model.Width, output.Length / model.Width);
        var (firstQuery, firstOutput) = (((heads.Query * heads.Dimension) - queryRows) / 2, ((heads.Query * length) - outputRows) / 2);
        int[] whole = [.. Enumerable.Range(0, heads.Query).Where(head =>
            head * heads.Dimension >= firstQuery && (head + 1) * heads.Dimension <= firstQuery + queryRows && head * length >= firstOutput && (head + 1) * length <= firstOutput + outputRows)];
        if (firstQuery < 0 || firstOutput < 0)
        {
            return null;
        }

        float[] Along(float[] rows, float[] vectors)
        {
            var products = new float[checked(rows.Length / model.Width * count)];
            ParallelProducts.Multiply(rows, rows.Length / model.Width, vectors, count, model.Width, products, threads);
            return products;
        }

        var (q, k) = (Along(query, probes.Left), Along(key, probes.Right));
        var (o, v) = (Along(output, probes.Left), Along(value, probes.Right));
        var group = heads.Query / heads.KeyValue;
        var lengths = new double[whole.Length];
        var (queryKey, valueOutput) = (new float[whole.Length * count], new float[whole.Length * count]);
        for (var i = 0; i < whole.Length; i++)
        {
            var head = whole[i];
            Sum(q, (head * heads.Dimension) - firstQuery, k, head / group * heads.Dimension, heads.Dimension, queryKey.AsSpan(i * count, count));
            Sum(o, (head * length) - firstOutput, v, head / group * length, length, valueOutput.AsSpan(i * count, count));
            var (attends, writes) = Products(model, layer, head);
            lengths[i] = attends.LogNorm() + writes.LogNorm();
        }

        return new HeadSketches(layer, whole, queryKey, valueOutput, lengths);
    }

    /// <summary>Adds, over the rows of a head, the products of what both of its matrices give for each probe.</summary>
    /// <param name="one">Rows × probes of one matrix.</param>
    /// <param name="firstOne">The head's first row in it.</param>
    /// <param name="two">The same of the other.</param>
    /// <param name="firstTwo">The head's first row in it.</param>
    /// <param name="rows">Rows of the head.</param>
    /// <param name="sums">One a probe, added to.</param>
    public static void Sum(float[] one, int firstOne, float[] two, int firstTwo, int rows, Span<float> sums)
    {
        for (var row = 0; row < rows; row++)
        {
            var a = one.AsSpan((firstOne + row) * sums.Length, sums.Length);
            var b = two.AsSpan((firstTwo + row) * sums.Length, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += a[i] * b[i];
            }
        }
    }
}
