namespace Pedigree.Anatomy;

/// <summary>Heads of latent attention (MLA): shapes alone tell how many there are, since the rotary key is shared and the rest is not.</summary>
internal static class LatentHeads
{
    /// <summary>The layout, or null without latent attention or where layers differ. <see cref="HeadLayout.Dimension"/> counts the query rows of a head.</summary>
    public static HeadLayout? Of(ModelAnatomy anatomy)
    {
        var layouts = Enumerable.Range(0, anatomy.Layers).Select(layer => Of(anatomy, layer)).OfType<(int Heads, int Dimension)>().Distinct().ToArray();
        return layouts is [var (heads, dimension)]
            ? new HeadLayout(heads, heads, dimension, "shapes of the latent projections")
            : null;
    }

    private static (int Heads, int Dimension)? Of(ModelAnatomy anatomy, int layer)
    {
        if (anatomy.Find(new Role(Part.KeyFromLatent, layer)) is not { RowBlocks: { } blocks } keys
            || (anatomy.Find(new Role(Part.QueryFromLatent, layer)) ?? anatomy.Find(new Role(Part.Query, layer))) is not { } query)
        {
            return null;
        }

        var heads = keys.Rows / blocks.Length;
        return (heads, query.Rows / heads);
    }
}
