using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Ranks of a layer of latent attention (MLA).</summary>
/// <param name="QueryRank">Values of the compressed query; 0 where queries are not compressed.</param>
/// <param name="KeyValueRank">Values of the compressed key and value.</param>
/// <param name="RotaryRows">Rows of the rotary key that all heads share; 0 for none.</param>
internal sealed record LatentShape(int QueryRank, int KeyValueRank, int RotaryRows);

/// <summary>Latent attention (MLA, DeepSeek-V2, arXiv 2405.04434 section 2.1) as rows that read the stream: the product of up- and down-projection, so that a head is compared as any other is.</summary>
/// <remarks>
/// Compressed dimensions may be turned by any orthogonal map once the gain of the norm between is folded into the up-projection: a root mean square does not change under it, and the products stay.
/// That norm also makes the size of a down-projection free, so rows of a down-projection that a norm follows are brought to a mean squared length of 1: what a stream of unit variance
/// leaves after the norm. A head's key is its own rows and then the rotary ones that all heads share, in the order of the query's rows: W_Qᵀ·W_K is the sum of both parts.
/// </remarks>
internal static class LatentRows
{
    /// <summary>The ranks; null where a layer has no latent attention, or its parts do not fit each other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer.</param>
    public static LatentShape? ShapeOf(ModelReader model, int layer)
    {
        TensorView? Find(Part part) => model.Find(new Role(part, layer));
        if (Find(Part.LatentKeyValue) is not { } down || Find(Part.KeyFromLatent) is not { RowBlocks: { } own } keys || Find(Part.ValueFromLatent) is not { } values
            || down.Columns != model.Anatomy.Width || keys.Columns != down.Rows || values.Columns != down.Rows || keys.Rows % own.Length != 0)
        {
            return null;
        }

        var (heads, rotary) = (keys.Rows / own.Length, Find(Part.RotaryKey));
        var (query, compressed) = Find(Part.LatentQuery) is { } latent ? (Find(Part.QueryFromLatent), latent) : (Find(Part.Query), null);
        var fits = query is not null && (compressed is not null || query.Columns == model.Anatomy.Width) && query.Rows == (long)heads * (own.Length + (rotary?.Rows ?? 0)) && (rotary is null || rotary.Columns == down.Columns)
            && (compressed is null || (query.Columns == compressed.Rows && compressed.Columns == down.Columns));
        return fits ? new LatentShape(compressed?.Rows ?? 0, down.Rows, rotary?.Rows ?? 0) : null;
    }

    /// <summary>Rows of a projection of attention that stands in two parts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Query, Key or Value.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="most">Most rows; a contiguous run in the middle.</param>
    /// <returns>rows × d; null without such a projection.</returns>
    public static float[]? Of(FoldedModel model, Part part, int layer, int most)
    {
        if (ShapeOf(model.Stored, layer) is not { } shape || PartsOf(part)?.Up is not { } up || model.Stored.Find(new Role(up, layer)) is not { } view)
        {
            return null;
        }

        var (own, shared) = part == Part.Key ? (view.RowBlocks!.Value.Length, shape.RotaryRows) : (1, 0);
        var total = checked(view.Rows / own * (own + shared));
        var count = Math.Min(total, most);
        var first = (total - count) / 2;
        var (firstHead, endHead) = (first / (own + shared), (first + count + own + shared - 1) / (own + shared));
        var rows = Product(model, layer, part, firstHead * own, (endHead - firstHead) * own);
        if (shared == 0)
        {
            return rows;
        }

        var (width, rotary) = (model.Width, model.BeforeAttention(Part.RotaryKey, layer)!);
        var joined = new float[checked((endHead - firstHead) * (own + shared) * width)];
        for (var head = 0; head < endHead - firstHead; head++)
        {
            var to = joined.AsSpan(head * (own + shared) * width);
            rows.AsSpan(head * own * width, own * width).CopyTo(to);
            rotary.CopyTo(to[(own * width)..]);
        }

        return joined.AsSpan((first - (firstHead * (own + shared))) * width, count * width).ToArray();
    }

    /// <summary>Bytes that reading such a projection costs; 0 without one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Query, Key or Value.</param>
    /// <param name="layer">Layer.</param>
    public static long Bytes(ModelReader model, Part part, int layer)
    {
        if (ShapeOf(model, layer) is null || PartsOf(part) is not var (up, down, norm))
        {
            return 0;
        }

        Part[] read = part == Part.Key ? [up, down, norm, Part.RotaryKey] : [up, down, norm];
        return read.Sum(matrix => model.Find(new Role(matrix, layer)) is { } view ? ReadingPlan.RowBytes(view) * view.Rows : 0);
    }

    /// <summary>The down-projection that a part reads, folded and scaled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Query, Key or Value.</param>
    /// <param name="layer">A layer of latent attention.</param>
    /// <returns>Its rows, rank × d, and the gain of the norm that follows; null for none.</returns>
    public static (float[] Rows, double[]? Gain) Compressed(FoldedModel model, Part part, int layer)
    {
        var (_, down, norm) = PartsOf(part)!.Value;
        var rows = model.BeforeAttention(down, layer)!;
        var gain = model.InnerGain(norm, layer, rows.Length / model.Width);
        var square = FixedOrderSum.Products(rows, rows);
        if (gain is not null && square > 0 && double.IsFinite(square))
        {
            var factor = (float)Math.Sqrt(rows.Length / (double)model.Width / square);
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] *= factor;
            }
        }

        return (rows, gain);
    }

    /// <summary>Rows of the up-projection of a part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Query, Key or Value.</param>
    /// <param name="layer">A layer of latent attention.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="gain">The gain that is folded in; null for none.</param>
    /// <returns>count × rank.</returns>
    public static float[] Up(FoldedModel model, Part part, int layer, int first, int count, double[]? gain)
    {
        var view = model.Stored.Find(new Role(PartsOf(part)!.Value.Up, layer))!;
        var up = model.Stored.Rows(view, [.. Enumerable.Range(first, count)]);
        for (var i = 0; gain is not null && i < up.Length; i++)
        {
            up[i] = (float)(up[i] * gain[i % view.Columns]);
        }

        return up;
    }

    private static float[] Product(FoldedModel model, int layer, Part part, int first, int count)
    {
        var (compressed, gain) = Compressed(model, part, layer);
        var (width, rank) = (model.Width, compressed.Length / model.Width);
        var product = new float[checked(count * width)];
        ParallelProducts.Multiply(Up(model, part, layer, first, count, gain), count, ParallelProducts.Transposed(compressed, rank, width), width, rank, product, 1);
        return product;
    }

    private static (Part Up, Part Down, Part Norm)? PartsOf(Part part) => part switch
    {
        Part.Query => (Part.QueryFromLatent, Part.LatentQuery, Part.LatentQueryNorm),
        Part.Key => (Part.KeyFromLatent, Part.LatentKeyValue, Part.LatentKeyValueNorm),
        Part.Value => (Part.ValueFromLatent, Part.LatentKeyValue, Part.LatentKeyValueNorm),
        _ => null,
    };
}
