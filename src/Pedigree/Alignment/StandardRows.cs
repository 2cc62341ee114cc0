using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Rows of an MLP made comparable: columns centred and scaled over the neurons, then rows of length 1. Zero rows are struck out, and of
/// rows that are equal in a view all but the first: they are equally like any other in it, and a tie that is broken by position looks like agreement where position counts in the other view too.</summary>
internal sealed class StandardRows
{
    private readonly Lazy<double[][]> sourceMeans;
    private readonly Lazy<bool[]> oneView;

    private StandardRows(MlpRows rows, IReadOnlyList<float[]> views, int[] kept, Lazy<double[][]>? means = null)
    {
        sourceMeans = means ?? new Lazy<double[][]>(rows.ColumnMeans);
        Source = rows;
        Views = views;
        Kept = kept;
        oneView = new Lazy<bool[]>(OneViewed);
    }

    /// <summary>The rows before standardisation.</summary>
    public MlpRows Source { get; }

    /// <summary>Means of the source's columns, one array a view.</summary>
    public IReadOnlyList<double[]> SourceMeans => sourceMeans.Value;

    /// <summary>One array a view, Count × Width.</summary>
    public IReadOnlyList<float[]> Views { get; }

    /// <summary>Positions in the source's seats that take part.</summary>
    public int[] Kept { get; }

    /// <summary>Neurons that take part.</summary>
    public int Count => Kept.Length;

    /// <summary>For each row, whether its other views follow from the first: as where gate and up both start at the identity. Two such neurons, of models that have nothing to do with each other, whose first views
    /// are alike have their other views at a cosine of a² on average, a being that between the views of each. From √(2 ln n / d), the largest of n cosines by chance, that names the neuron a second time.</summary>
    public IReadOnlyList<bool> OneView => oneView.Value;

    /// <summary>Values in a row.</summary>
    public int Width => Source.Width;

    /// <summary>See <see cref="MlpRows.SignFree"/>.</summary>
    public bool SignFree => Source.SignFree;

    /// <summary>Standardises.</summary>
    public static StandardRows Of(MlpRows rows)
    {
        var (count, width) = (rows.Count, rows.Width);
        var usable = Enumerable.Repeat(element: true, count).ToArray();
        var views = new float[rows.Views.Count][];
        for (var v = 0; v < views.Length; v++)
        {
            var raw = Standardisation.Lengths(rows.Views[v], count, width);
            views[v] = [.. rows.Views[v]];
            Standardisation.Columns(views[v], count, width, centre: true);
            var lengths = new double[count];
            Standardisation.Rows(views[v], count, width, lengths);
            for (var i = 0; i < count; i++)
            {
                usable[i] &= raw[i] > 0 && !double.IsNaN(lengths[i]);
            }
        }

        HashSet<ulong>[] seen = [.. views.Select(_ => new HashSet<ulong>())];
        int[] kept = [.. Enumerable.Range(0, count).Where(i => usable[i] && !IsTied(i))];
        if (kept.Length < count)
        {
            views = [.. views.Select(view => Gather(view, width, kept))];
        }

        return new StandardRows(rows, views, kept);

        bool IsTied(int row) => !views.Select((view, v) => seen[v].Add(RowHash.Of(view.AsSpan(row * width, width), 0))).All(isNew => isNew);
    }

    /// <summary>Some of the rows, evenly spread: enough to choose a map by. All where there are no more.</summary>
    /// <param name="most">Rows wanted.</param>
    public StandardRows Part(int most)
    {
        if (Count <= most)
        {
            return this;
        }

        return Of([.. Enumerable.Range(0, most).Select(i => (int)((i + 0.5) * Count / most))]);
    }

    /// <summary>The rows at some positions among those that take part.</summary>
    public StandardRows Of(int[] chosen) => new(Source, [.. Views.Select(view => Gather(view, Width, chosen))], [.. chosen.Select(i => Kept[i])], sourceMeans);

    private bool[] OneViewed()
    {
        var reached = Math.Sqrt(2 * Math.Log(Math.Max(2, Count)) / Width);
        return [.. Enumerable.Range(0, Count).Select(row => Enumerable.Range(1, Views.Count - 1).Select(view => FixedOrderSum.Products(Row(0, row), Row(view, row)))
            .Select(cosine => cosine * cosine).DefaultIfEmpty(0).Average() >= reached)];

        ReadOnlySpan<float> Row(int view, int row) => Views[view].AsSpan(row * Width, Width);
    }

    private static float[] Gather(float[] rows, int width, int[] kept)
    {
        var gathered = new float[kept.Length * width];
        for (var i = 0; i < kept.Length; i++)
        {
            rows.AsSpan(kept[i] * width, width).CopyTo(gathered.AsSpan(i * width, width));
        }

        return gathered;
    }
}
