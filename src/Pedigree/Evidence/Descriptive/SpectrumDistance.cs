using System.Globalization;
using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>How far the singular values of corresponding projections lie apart, beside the same between different layers. Free of rotations, permutations (where all rows were read)
/// and scales; but one recipe gives independent models nearly the same spectra, and long training moves a child's (methods such as GhostSpec, 2511.06390, rest on them).</summary>
internal static class SpectrumDistance
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "spectrum-distance";

    /// <summary>One item a part, or one without a statistic where nothing is comparable.</summary>
    /// <param name="rows">Rows of both models, as <see cref="FoldedRows.Read(DescribedModel, DescribedModel, long, ulong)"/> gave them.</param>
    /// <param name="threads">Threads to use.</param>
    public static IReadOnlyList<EvidenceItem> Compare(IReadOnlyList<FoldedRows> rows, int threads)
    {
        FoldedRows[] used = [.. rows.Where(layer => layer.ReferenceColumns == layer.SuspectColumns)];
        var spectra = new (double[]? Reference, double[]? Suspect)[used.Length];
        Parallel.For(0, used.Length, SharedThreads.Options(threads), index =>
            spectra[index] = (Of(used[index].Reference, used[index].ReferenceColumns), Of(used[index].Suspect, used[index].SuspectColumns)));
        EvidenceItem[] items = [.. used.Zip(spectra).GroupBy(layer => layer.First.Role.Part).Select(part => Item([.. part]))];
        return items.Length > 0 ? items : [Item("projections", null, [], [], 0, "Not computed: no projection has one size in both models.")];
    }

    private static EvidenceItem Item((FoldedRows Rows, (double[]? Reference, double[]? Suspect) Spectra)[] layers)
    {
        LayerEvidence[] own = [.. layers.Select(layer => new LayerEvidence(
            layer.Rows.Role.Layer, layer.Rows.Role.Layer, layer.Rows.Seats.Length, 0, null, Distance(layer.Spectra.Reference, layer.Spectra.Suspect)))];
        double[] others = [.. (from one in layers
                               from two in layers
                               where one.Rows.Role.Layer != two.Rows.Role.Layer
                               select Distance(one.Spectra.Reference, two.Spectra.Suspect)).OfType<double>()];
        double? statistic = own.Any(layer => layer.Value is not null) ? own.Average(layer => layer.Value) : null;
        var part = layers[0].Rows.Role.Part;
        var whole = layers.All(layer => layer.Rows.Whole);
        return Item(part.ToString(), statistic, own, others, layers[0].Rows.Neurons ? 0 : layers.Sum(layer => layer.Rows.BytesRead), string.Create(CultureInfo.InvariantCulture,
            $"Root mean square difference of the logarithms of the singular values, each set centred, gains multiplied in, of {(whole ? "all" : $"{own[0].Units} sampled")} rows of {own.Length} layers; {others.Length} pairs of other layers.")
            + (whole ? "" : " The spectrum of sampled rows changes where rows were reordered.")
            + (part is Part.Query or Part.Key or Part.Value ? " A change of basis inside the heads changes it too." : ""));
    }

    private static EvidenceItem Item(string part, double? statistic, LayerEvidence[] own, double[] others, long bytes, string note) => new()
    {
        Test = Test,
        Tier = Tier.Descriptive,
        Statistic = statistic,
        StatisticName = $"distance of log spectra of {part}",
        Null = "other layers of the same two models: mean, and share of them that lie closer; 0 for equal spectra. Recipe and depth shape a spectrum, so a small distance is no lineage: "
            + "independent models of one recipe gave 0.02 to 0.03, a fine-tune 0.01, a child trained on for as long as its parent 0.10 (gate, our small models)",
        NullExpectation = statistic is not null && others.Length > 0 ? others.Average() : null,
        NullPercentile = statistic is { } found && others.Length > 0 ? (double)others.Count(distance => distance < found) / others.Length : null,
        PerLayer = own,
        BytesRead = bytes,
        Note = note,
    };

    /// <summary>Logarithms of the singular values in descending order, centred; null where there are too few above rounding.</summary>
    /// <param name="values">Rows × columns.</param>
    /// <param name="columns">Columns.</param>
    internal static double[]? Of(float[] values, int columns)
    {
        var rows = values.Length / columns;
        var side = Math.Min(rows, columns);
        var gram = columns < rows ? ColumnProducts(values, columns) : RowInnerProducts(values, rows, columns);
        var squares = SymmetricEigen.Values(gram, side);
        // Products of floats summed in double leave about 1e-14 of the largest; what float rounding of the weights made is left out with it.
        var logs = squares.Where(square => square > 1e-12 * squares[0]).Select(square => 0.5 * Math.Log(square)).ToArray();
        if (logs.Length < 2 || !double.IsFinite(logs[0]))
        {
            return null;
        }

        var mean = logs.Average();
        return [.. logs.Select(log => log - mean)];
    }

    /// <summary>Root mean square difference of two spectra over the singular values that both have; null where one is unknown or they differ much in number.</summary>
    internal static double? Distance(double[]? first, double[]? second)
    {
        if (first is null || second is null || 2 * Math.Min(first.Length, second.Length) < Math.Max(first.Length, second.Length))
        {
            return null;
        }

        var common = Math.Min(first.Length, second.Length);
        double sum = 0;
        for (var i = 0; i < common; i++)
        {
            sum += (first[i] - second[i]) * (first[i] - second[i]);
        }

        return Math.Sqrt(sum / common);
    }

    private static double[] RowInnerProducts(float[] values, int rows, int columns)
    {
        var gram = new double[rows * rows];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram[(i * rows) + j] = gram[(j * rows) + i] = FixedOrderSum.Products(values.AsSpan(i * columns, columns), values.AsSpan(j * columns, columns));
            }
        }

        return gram;
    }

    private static double[] ColumnProducts(float[] values, int columns)
    {
        var rows = values.Length / columns;
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                turned[(column * rows) + row] = values[(row * columns) + column];
            }
        }

        return RowInnerProducts(turned, columns, rows);
    }
}
