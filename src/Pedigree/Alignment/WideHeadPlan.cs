using Pedigree.Anatomy;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>What is read of the attention of models too large to be held whole, where their MLPs show nothing: all heads of a few layers.</summary>
/// <param name="SuspectLayers">Layers of the suspect that are judged, ascending.</param>
/// <param name="ReferenceLayers">Layers of the reference that they are compared with, ascending: those nearest in relative depth.</param>
/// <param name="Bytes">Bytes that either model costs, at most.</param>
/// <param name="Multiplications">Multiply-adds under two maps.</param>
internal sealed record WideHeadPlan(IReadOnlyList<int> SuspectLayers, IReadOnlyList<int> ReferenceLayers, long Bytes, double Multiplications)
{
    /// <summary>Heads that are multiplied out to see whether a start alone explains them: twice as many as the sign test needs.</summary>
    public const int MultipliedOut = 40;

    // As in WidePlan: below a minute or so on two cores.
    private const double MostWork = 2e12;
    private const int UsualLayers = 8;
    private const int FewestLayers = 4;

    private static readonly Part[] s_parts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    /// <summary>Plans within a budget.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="budget">Bytes that may still be read of each model.</param>
    /// <param name="needed">Receives the fewest bytes that would do where the budget is too small; 0 otherwise.</param>
    /// <returns>The plan; null where heads are not known, or no budget of this size does.</returns>
    public static WideHeadPlan? Within(FoldedModel suspect, FoldedModel reference, long budget, out long needed)
    {
        needed = 0;
        var (own, other) = (WithHeads(suspect), WithHeads(reference));
        if (own.Count == 0 || other.Count == 0)
        {
            return null;
        }

        foreach (var (count, near) in new[] { (UsualLayers, 3), (UsualLayers, 1), (FewestLayers, 3), (FewestLayers, 1) })
        {
            var judged = WidePlan.Spread(own, count);
            IReadOnlyList<int> layers = [.. judged.SelectMany(layer => other.OrderBy(near => Math.Abs(((near + 0.5) / reference.Layers) - ((layer + 0.5) / suspect.Layers))).ThenBy(near => near).Take(near))
                .Distinct().Order()];
            var bytes = Math.Max(Cost(suspect, judged), Cost(reference, layers));
            var work = judged.Sum(layer => Work(suspect, layer, 1)) + layers.Sum(layer => Work(reference, layer, 2));
            if (work > MostWork)
            {
                continue;
            }

            if (bytes <= budget)
            {
                needed = 0;
                return new WideHeadPlan(judged, layers, bytes, work);
            }

            needed = needed == 0 ? bytes : Math.Min(needed, bytes);
        }

        return null;
    }

    /// <summary>What of the layers is compared, as a phrase.</summary>
    /// <param name="suspectLayers">Layers of the suspect.</param>
    /// <param name="referenceLayers">Layers of the reference.</param>
    public string Extent(int suspectLayers, int referenceLayers) =>
        $"{SuspectLayers.Count} of the suspect's {suspectLayers} layers with {ReferenceLayers.Count} of the reference's {referenceLayers}";

    private static IReadOnlyList<int> WithHeads(FoldedModel model) => [.. Enumerable.Range(0, model.Layers).Where(layer => WideAttention.ValueRows(model, layer) > 0)];

    private static long Cost(FoldedModel model, IReadOnlyList<int> layers)
    {
        var whole = layers.Sum(layer => s_parts.Sum(part => BytesOf(model, part, layer)));
        // Some heads are read again; keys and values of their group with each, down-projections of latent attention with each layer.
        var heads = model.Stored.Anatomy.Heads!;
        return layers.Any(layer => LatentRows.ShapeOf(model.Stored, layer) is not null) ? 2 * whole
            : whole + (MultipliedOut * layers.Max(layer => s_parts.Sum(part => BytesOf(model, part, layer) / (part is Part.Key or Part.Value ? heads.KeyValue : heads.Query))));
    }

    private static long BytesOf(FoldedModel model, Part part, int layer) =>
        model.Stored.Find(new Role(part, layer)) is { } view ? ReadingPlan.RowBytes(view) * view.Rows : LatentRows.Bytes(model.Stored, part, layer);

    // Every row meets every probe, under each map; for its length, every row of its head.
    private static double Work(FoldedModel model, int layer, int maps)
    {
        var (heads, values, probes) = (model.Stored.Anatomy.Heads!, WideAttention.ValueRows(model, layer), HeadSketches.Probes(model.Width));
        var latent = LatentRows.ShapeOf(model.Stored, layer);
        double Part(int units, int each, int inner) => (double)units * each * inner * ((maps * probes) + each + (inner < model.Width ? inner : 0));
        var read = latent is null ? 0 : (double)(latent.QueryRank + latent.KeyValueRank + latent.RotaryRows) * model.Width * ((2 * maps * probes) + latent.QueryRank + latent.KeyValueRank);
        return read + Part(heads.Query, heads.Dimension, latent is { QueryRank: > 0 } ? latent.QueryRank : model.Width)
            + Part(heads.KeyValue, heads.Dimension, latent is null ? model.Width : latent.KeyValueRank + latent.RotaryRows)
            + Part(heads.KeyValue, values, latent?.KeyValueRank ?? model.Width) + Part(heads.Query, values, model.Width);
    }
}
