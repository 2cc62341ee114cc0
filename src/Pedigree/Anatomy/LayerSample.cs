namespace Pedigree.Anatomy;

/// <summary>Chooses layers to look at, spread evenly and always the same.</summary>
internal static class LayerSample
{
    /// <summary>At most <paramref name="most"/> of <paramref name="layers"/> layers, in order, first and last among them.</summary>
    public static IReadOnlyList<int> Of(int layers, int most) => layers <= most
        ? [.. Enumerable.Range(0, layers)]
        : [.. Enumerable.Range(0, most).Select(index => (int)((long)index * (layers - 1) / (most - 1)))];
}
