using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Attention of one layer of a model too large to be held whole: a few heads at a time are read and sketched.</summary>
/// <remarks>Rows of latent attention are never multiplied out: with U the up-projection and C what it reads, (U·C)·u = U·(C·u), and lengths need C·Cᵀ alone. Keys read the compressed vector and the rotary rows
/// that all heads share, as one.</remarks>
internal sealed class WideAttention
{
    // Query heads read together: 64 MiB of queries and outputs at a width of 8,192.
    private const int Piece = 8;

    private readonly FoldedModel model;
    private readonly int layer;
    private readonly HeadLayout heads;
    private readonly int valueRows;
    private readonly LatentShape? latent;

    // What the rows of each part read, count × d, and the gain on it; null for the stream.
    private readonly (float[] Rows, double[]? Gain)? readQuery;
    private readonly (float[] Rows, double[]? Gain)? readKey;
    private readonly (float[] Rows, double[]? Gain)? readValue;

    private WideAttention(FoldedModel model, int layer, HeadLayout heads, int valueRows)
    {
        (this.model, this.layer, this.heads, this.valueRows) = (model, layer, heads, valueRows);
        latent = LatentRows.ShapeOf(model.Stored, layer);
        if (latent is null)
        {
            return;
        }

        readQuery = latent.QueryRank > 0 ? LatentRows.Compressed(model, Part.Query, layer) : null;
        readValue = LatentRows.Compressed(model, Part.Value, layer);
        readKey = latent.RotaryRows > 0 ? ([.. readValue.Value.Rows, .. model.BeforeAttention(Part.RotaryKey, layer)!], readValue.Value.Gain) : readValue;
    }

    /// <summary>The attention of a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer.</param>
    /// <returns>Null where it does not split into heads of known size.</returns>
    public static WideAttention? Of(FoldedModel model, int layer) =>
        ValueRows(model, layer) is > 0 and var rows ? new WideAttention(model, layer, model.Stored.Anatomy.Heads!, rows) : null;

    /// <summary>Rows of values that a head of a layer has; 0 where its attention does not split into heads of known size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer.</param>
    public static int ValueRows(FoldedModel model, int layer)
    {
        if (model.Stored.Anatomy.Heads is not { } heads || heads.KeyValue < 1 || heads.Query % heads.KeyValue != 0
            || model.Stored.Find(new Role(Part.AttentionOutput, layer)) is not { } output || output.Rows != model.Width || output.Columns % heads.Query != 0)
        {
            return 0;
        }

        var rows = output.Columns / heads.Query;
        TensorView? Find(Part part) => model.Stored.Find(new Role(part, layer));
        bool Fits(TensorView? view, long count) => view is not null && view.Rows == count && view.Columns == model.Width;
        if (LatentRows.ShapeOf(model.Stored, layer) is not { } latent)
        {
            return Fits(Find(Part.Query), (long)heads.Query * heads.Dimension) && Fits(Find(Part.Key), (long)heads.KeyValue * heads.Dimension)
                && Fits(Find(Part.Value), (long)heads.KeyValue * rows) ? rows : 0;
        }

        return heads.KeyValue == heads.Query && Find(Part.KeyFromLatent)!.Rows == (long)heads.Query * (heads.Dimension - latent.RotaryRows)
            && Find(Part.ValueFromLatent)!.Rows == (long)heads.Query * rows ? rows : 0;
    }

    /// <summary>Sketches all query heads.</summary>
    /// <param name="probes">Sets of vectors in this model's basis, probes × width each.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The sketches with each set.</returns>
    public HeadSketches[] Sketch(IReadOnlyList<(float[] Left, float[] Right)> probes, int threads, CancellationToken cancellation)
    {
        var count = probes[0].Left.Length / model.Width;
        var through = probes.Select(set => (
            Query: Through(readQuery?.Rows, set.Left, threads), Key: Through(readKey?.Rows, set.Right, threads), Output: set.Left, Value: Through(readValue?.Rows, set.Right, threads))).ToArray();
        var metrics = (Query: Gram(readQuery?.Rows, threads), Key: Gram(readKey?.Rows, threads), Value: Gram(readValue?.Rows, threads));
        var result = probes.Select(_ => new HeadSketches(
            layer, [.. Enumerable.Range(0, heads.Query)], new float[heads.Query * count], new float[heads.Query * count], new double[heads.Query])).ToArray();
        var group = heads.Query / heads.KeyValue;
        var step = Math.Max(1, Piece / group);
        for (var firstGroup = 0; firstGroup < heads.KeyValue; firstGroup += step)
        {
            var groups = Math.Min(step, heads.KeyValue - firstGroup);
            var (key, value) = (Rows(Part.Key, firstGroup, groups), Rows(Part.Value, firstGroup, groups));
            var along = through.Select(set => (Key: Along(key, set.Key, count, threads), Value: Along(value, set.Value, count, threads))).ToArray();
            var (keys, values) = (new float[groups][], new float[groups][]);
            Parallel.For(0, groups, SharedThreads.Options(threads, cancellation), own =>
                (keys[own], values[own]) = (Gram(key, metrics.Key, own, heads.Dimension), Gram(value, metrics.Value, own, valueRows)));
            for (var first = firstGroup * group; first < (firstGroup + groups) * group; first += Piece)
            {
                cancellation.ThrowIfCancellationRequested();
                var piece = Math.Min(Piece, ((firstGroup + groups) * group) - first);
                var (query, output) = (Rows(Part.Query, first, piece), Rows(Part.AttentionOutput, first, piece));
                for (var set = 0; set < probes.Count; set++)
                {
                    var (q, o) = (Along(query, through[set].Query, count, threads), Along(output, through[set].Output, count, threads));
                    for (var head = first; head < first + piece; head++)
                    {
                        var other = (head / group) - firstGroup;
                        HeadSketches.Sum(
                            q, (head - first) * heads.Dimension, along[set].Key, other * heads.Dimension, heads.Dimension, result[set].QueryKey.AsSpan(head * count, count));
                        HeadSketches.Sum(o, (head - first) * valueRows, along[set].Value, other * valueRows, valueRows, result[set].ValueOutput.AsSpan(head * count, count));
                    }
                }

                Parallel.For(first, first + piece, SharedThreads.Options(threads, cancellation), head =>
                {
                    // |AᵀB|² = Σ AAᵀ∘BBᵀ.
                    var other = (head / group) - firstGroup;
                    var length = 0.5 * (Math.Log(FixedOrderSum.Products(Gram(query, metrics.Query, head - first, heads.Dimension), keys[other]))
                        + Math.Log(FixedOrderSum.Products(Gram(output, null, head - first, valueRows), values[other])));
                    foreach (var sketches in result)
                    {
                        sketches.LogLengths[head] = length;
                    }
                });
            }
        }

        return result;
    }

    /// <summary>The two products of a query head, multiplied out.</summary>
    /// <param name="head">The head.</param>
    public (HeadProduct QueryKey, HeadProduct ValueOutput) Products(int head)
    {
        var group = head / (heads.Query / heads.KeyValue);
        float[] Whole(Part part, int unit, float[]? read)
        {
            var rows = Rows(part, unit, 1);
            if (read is null)
            {
                return rows;
            }

            var inner = read.Length / model.Width;
            var product = new float[checked(rows.Length / inner * model.Width)];
            RowProducts.Multiply(rows, rows.Length / inner, ParallelProducts.Transposed(read, inner, model.Width), model.Width, inner, product);
            return product;
        }

        return (
            new HeadProduct(Whole(Part.Query, head, readQuery?.Rows), Whole(Part.Key, group, readKey?.Rows), heads.Dimension) { Shape = ProductShape.Attends(heads, model.Width, latent) },
            new HeadProduct(Rows(Part.AttentionOutput, head, 1), Whole(Part.Value, group, readValue?.Rows), valueRows) { Shape = ProductShape.Writes(valueRows, model.Width, latent) });
    }

    // Rows of some heads as they read the stream, or what they read of it.
    private float[] Rows(Part part, int first, int count)
    {
        var each = part is Part.Query or Part.Key ? heads.Dimension : valueRows;
        var read = part switch { Part.Query => readQuery, Part.Key => readKey, Part.Value => readValue, _ => null };
        if (read is not var (_, gain))
        {
            return model.Attention(part, layer, first * each, count * each)!;
        }

        if (part != Part.Key || latent!.RotaryRows == 0)
        {
            return LatentRows.Up(model, part, layer, first * each, count * each, gain);
        }

        // Below a head's own rows the shared ones, each of which reads itself.
        var (shared, rank) = (latent.RotaryRows, latent.KeyValueRank);
        var own = each - shared;
        var (up, joined) = (LatentRows.Up(model, part, layer, first * own, count * own, gain), new float[checked(count * each * (rank + shared))]);
        for (var row = 0; row < count * each; row++)
        {
            var to = joined.AsSpan(row * (rank + shared), rank + shared);
            if (row % each < own)
            {
                up.AsSpan(((row / each * own) + (row % each)) * rank, rank).CopyTo(to);
            }
            else
            {
                to[rank + (row % each) - own] = 1;
            }
        }

        return joined;
    }

    // What vectors of the stream become in what a part reads, vectors × rows read.
    private float[] Through(float[]? read, float[] vectors, int threads)
    {
        if (read is null)
        {
            return vectors;
        }

        var (count, inner) = (vectors.Length / model.Width, read.Length / model.Width);
        var result = new float[checked(count * inner)];
        ParallelProducts.Multiply(vectors, count, read, inner, model.Width, result, threads);
        return result;
    }

    private float[]? Gram(float[]? read, int threads)
    {
        if (read is null)
        {
            return null;
        }

        var count = read.Length / model.Width;
        var gram = new float[checked(count * count)];
        ParallelProducts.Gram(read, count, model.Width, gram, threads);
        return gram;
    }

    // Rows × vectors.
    private static float[] Along(float[] rows, float[] vectors, int count, int threads)
    {
        var inner = vectors.Length / count;
        var products = new float[checked(rows.Length / inner * count)];
        ParallelProducts.Multiply(rows, rows.Length / inner, vectors, count, inner, products, threads);
        return products;
    }

    // Inner products of the rows of one head with each other, as rows of the stream.
    private float[] Gram(float[] rows, float[]? metric, int unit, int each)
    {
        var inner = metric is null ? model.Width : (int)Math.Sqrt(metric.Length);
        var own = rows.AsSpan(unit * each * inner, each * inner);
        var turned = own;
        if (metric is not null)
        {
            turned = new float[own.Length];
            RowProducts.Multiply(own, each, metric, inner, inner, turned);
        }

        var gram = new float[each * each];
        RowProducts.Multiply(own, each, turned, each, inner, gram);
        return gram;
    }
}
