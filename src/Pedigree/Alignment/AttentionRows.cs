using Pedigree.Anatomy;

namespace Pedigree.Alignment;

/// <summary>All rows of a layer's attention in normal form, of a model whose heads are known.</summary>
/// <param name="Heads">How they split into heads.</param>
/// <param name="Width">Values of a row.</param>
/// <param name="Queries">Query heads × dimension rows.</param>
/// <param name="Keys">KV groups × dimension rows.</param>
/// <param name="Values">KV groups × values of a head rows.</param>
/// <param name="Outputs">Query heads × values of a head columns of the output projection.</param>
internal sealed record AttentionRows(HeadLayout Heads, int Width, float[] Queries, float[] Keys, float[] Values, float[] Outputs)
{
    /// <summary>Ranks of latent attention, whose rows are products of two matrices; null for attention of another kind.</summary>
    public LatentShape? Latent { get; init; }

    /// <summary>Rows of values that a head has.</summary>
    public int ValueRows => Values.Length / Width / Heads.KeyValue;

    /// <summary>Reads them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer.</param>
    /// <returns>The rows; null where heads are not known or a matrix is missing or has another shape, and of latent attention of large models, whose products are too many.</returns>
    public static AttentionRows? Read(FoldedModel model, int layer)
    {
        var latent = LatentRows.ShapeOf(model.Stored, layer);
        if (model.Stored.Anatomy.Heads is not { } heads || (latent is not null && model.Width > WidePlan.MostWholeWidth) || heads.KeyValue < 1 || heads.Query % heads.KeyValue != 0
            || Rows(Part.Query) is not { } queries || Rows(Part.Key) is not { } keys || Rows(Part.Value) is not { } values || Rows(Part.AttentionOutput) is not { } outputs)
        {
            return null;
        }

        long valueRows = values.Length / model.Width / heads.KeyValue;
        return queries.Length == (long)heads.Query * heads.Dimension * model.Width && keys.Length == (long)heads.KeyValue * heads.Dimension * model.Width
            && values.Length == heads.KeyValue * valueRows * model.Width && valueRows > 0 && outputs.Length == heads.Query * valueRows * model.Width
            ? new AttentionRows(heads, model.Width, queries, keys, values, outputs) { Latent = latent } : null;

        float[]? Rows(Part part) => model.Attention(part, layer, int.MaxValue);
    }

    /// <summary>The same rows in another residual basis.</summary>
    /// <param name="map">The map; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    public AttentionRows In(ResidualMap? map, int threads)
    {
        return map is null ? this : this with { Width = map.To, Queries = Mapped(Queries), Keys = Mapped(Keys), Values = Mapped(Values), Outputs = Mapped(Outputs) };

        float[] Mapped(float[] rows) => map.Apply(rows, rows.Length / Width, threads);
    }

    /// <summary>What <see cref="HeadSketches"/> looks at.</summary>
    public AlignmentInput Input() => new(Width, [new LayerInput([], new SortedDictionary<string, float[]>(StringComparer.Ordinal)
    {
        [nameof(Part.Query)] = Queries,
        [nameof(Part.Key)] = Keys,
        [nameof(Part.Value)] = Values,
        [nameof(Part.AttentionOutput)] = Outputs,
    })
    { Latent = Latent }], null, null)
    { Heads = Heads };
}
