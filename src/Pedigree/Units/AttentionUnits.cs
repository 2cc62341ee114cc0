using Pedigree.Anatomy;

namespace Pedigree.Units;

/// <summary>KV groups and query heads as units: a few rows of every head, the same rows in each, taken from the middle of the head
/// so that rotary dimensions are compared with themselves. In latent attention (MLA) a head is its key, value and query rows that read the compressed
/// vectors; heads are exchangeable there as elsewhere, and every head is its own KV group.</summary>
internal static class AttentionUnits
{
    /// <summary>Whether both models split attention alike.</summary>
    public static bool Comparable(ModelReader suspect, ModelReader reference, out HeadLayout heads, out string note)
    {
        heads = null!;
        if (suspect.Anatomy.Heads is not { } one || reference.Anatomy.Heads is not { } two)
        {
            note = "how attention splits into heads could not be established from shapes and weights of both models";
            return false;
        }

        if (one.Query != two.Query || one.KeyValue != two.KeyValue || one.Dimension != two.Dimension || suspect.Anatomy.Width != reference.Anatomy.Width)
        {
            note = $"attention differs in shape ({one.Query}/{one.KeyValue} heads of {one.Dimension} and {two.Query}/{two.KeyValue} of {two.Dimension})";
            return false;
        }

        heads = one;
        note = "";
        return true;
    }

    /// <summary>Rows read of every head, from the budget.</summary>
    public static int RowsPerHead(ModelReader model, HeadLayout heads, int layers, ReadingPlan plan)
    {
        var keys = Enumerable.Range(0, layers).Select(layer => model.Find(new Role(Part.Key, layer)) ?? model.Find(new Role(Part.KeyFromLatent, layer)));
        if (keys.FirstOrDefault(view => view is not null) is not { } key)
        {
            return 0;
        }

        var perRow = ReadingPlan.RowBytes(key) * layers * (heads.Query + (2 * heads.KeyValue));
        return ReadingPlan.Fit(plan.AttentionBytes, perRow, heads.Dimension);
    }

    /// <summary>KV groups of one layer: key and value rows; null when the layer lacks them.</summary>
    public static UnitGroup? KeyValueGroups(ModelReader suspect, ModelReader reference, HeadLayout heads, int layer, int rowsPerHead)
    {
        var latent = reference.Find(new Role(Part.KeyFromLatent, layer)) is not null;
        Part[] parts = !latent ? [Part.Key, Part.Value]
            : reference.Find(new Role(Part.QueryFromLatent, layer)) is not null ? [Part.KeyFromLatent, Part.ValueFromLatent, Part.QueryFromLatent]
            : [Part.KeyFromLatent, Part.ValueFromLatent, Part.Query];
        var views = new List<UnitView>(parts.Length);
        foreach (var part in parts)
        {
            if (Read(suspect, reference, part, heads.KeyValue, layer, rowsPerHead) is not { } view)
            {
                return null;
            }

            views.Add(view);
        }

        return new UnitGroup(layer, layer, Role.Dense, heads.KeyValue, [.. Enumerable.Range(0, heads.KeyValue)], views, StandardiseColumns: false);
    }

    /// <summary>Query heads of one layer, one group for each KV group; empty when the layer lacks them.</summary>
    public static IReadOnlyList<UnitGroup> QueryHeads(ModelReader suspect, ModelReader reference, HeadLayout heads, int layer, int rowsPerHead)
    {
        var within = heads.Query / heads.KeyValue;
        if (Read(suspect, reference, Part.Query, heads.Query, layer, rowsPerHead) is not { } all)
        {
            return [];
        }

        int[] seats = [.. Enumerable.Range(0, within)];
        return [.. Enumerable.Range(0, heads.KeyValue).Select(group => new UnitGroup(
            layer, layer, Role.Dense, within, seats, [all with { Suspect = Slice(all.Suspect, group), Reference = Slice(all.Reference, group) }],
            StandardiseColumns: false, group))];

        float[] Slice(float[] rows, int group) => rows.AsSpan(group * within * all.Length, within * all.Length).ToArray();
    }

    private static UnitView? Read(ModelReader suspect, ModelReader reference, Part part, int heads, int layer, int rowsPerHead)
    {
        var role = new Role(part, layer);
        if (suspect.Find(role) is not { } one || reference.Find(role) is not { } two
            || one.Rows % heads != 0 || two.Rows != one.Rows || one.Columns != two.Columns)
        {
            return null;
        }

        // Values may be shorter than keys.
        var dimension = one.Rows / heads;
        var count = Math.Min(rowsPerHead, dimension);
        var offset = (dimension - count) / 2;
        int[] rows = [.. Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range((head * dimension) + offset, count))];
        return new UnitView(NameOf(part), count * one.Columns, Scaled(suspect, one), Scaled(reference, two));

        float[] Scaled(ModelReader model, TensorView view)
        {
            // Columns are scaled over the rows of all heads: the few units alone would tie each other.
            var values = model.Rows(view, rows);
            Standardisation.Columns(values, rows.Length, view.Columns, centre: false);
            return values;
        }
    }

    private static string NameOf(Part part) => part switch
    {
        Part.Key or Part.KeyFromLatent => "key",
        Part.Value or Part.ValueFromLatent => "value",
        _ => "query",
    };
}
