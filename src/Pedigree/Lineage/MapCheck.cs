using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Checks a recovered map against two models: whether it is what it says it is, and how far the reference is reproduced by it.</summary>
public static class MapCheck
{
    /// <summary>Version of the report.</summary>
    public const string CurrentSchema = "pedigree/map-check/1";

    // A map is computed in single precision and its factor is iterated to that; stated figures have six decimals.
    private const double Tolerance = 1e-3;

    /// <summary>Checks.</summary>
    /// <param name="map">Path of the map.</param>
    /// <param name="suspect">Path of the suspect.</param>
    /// <param name="reference">Path of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="CheckpointException">A file cannot be read, or the map is none or fits no models of these shapes.</exception>
    public static MapCheckReport Run(string map, string suspect, string reference, int threads, IProgressSink? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        using var one = Checkpoint.Open(suspect);
        using var two = Checkpoint.Open(reference);
        var (a, b) = (new ModelReader(one, AnatomyReader.Read(one)), new ModelReader(two, AnatomyReader.Read(two)));
        var (first, second) = (new FoldedModel(a), new FoldedModel(b));
        var (recovered, suspectStated, referenceStated, stated) = MapFile.Read(map, first, second);
        double? residual = stated.TryGetValue("", out var neurons) ? neurons : null;
        var (suspectDigest, referenceDigest) = (Digest(a), Digest(b));
        var layers = new List<MappedLayer>();
        foreach (var layer in recovered.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report("applying the map", (double)layers.Count / recovered.Layers.Count);
            layers.Add(Figures(PairedRows.Read(first, second, layer), layer, recovered.Stream, threads));
        }

        var measured = Residual(layers, layer => layer.Cosine);
        MappedKind[] kinds = [.. MapResiduals.Measure(first, second, recovered, threads, cancellation)
            .Select(kind => kind with { StatedResidual = stated.TryGetValue(kind.Kind, out var said) ? said : null })];
        var error = recovered.Stream is { } stream ? OrthogonalityError(stream, threads) : (double?)null;
        var matches = string.Equals(suspectDigest, suspectStated, StringComparison.Ordinal) && string.Equals(referenceDigest, referenceStated, StringComparison.Ordinal);
        return new MapCheckReport(
            CurrentSchema, typeof(MapCheck).Assembly.GetName().Version?.ToString(3) ?? "0",
            matches && error is null or <= Tolerance && measured is { } value && residual is { } said && value <= said + Tolerance && value < Residual(layers, layer => layer.ShiftedCosine)
                && kinds.All(kind => kind.StatedResidual is { } claimed && kind.Residual <= claimed + Tolerance && kind.Residual < kind.ShiftedResidual),
            suspectDigest, referenceDigest, matches, Kind(recovered.Stream), second.Width, first.Width, error, residual, measured, Residual(layers, layer => layer.ShiftedCosine), layers)
        { Kinds = kinds };
    }

    /// <summary>Figures of a map that is about to be written.</summary>
    internal static double? Residual(FoldedModel suspect, FoldedModel reference, RecoveredMap map, int threads) =>
        Residual([.. map.Layers.Select(layer => Figures(PairedRows.Read(suspect, reference, layer), layer, map.Stream, threads))], layer => layer.Cosine);

    /// <summary>Logical digest, 64 hexadecimal digits.</summary>
    internal static string Digest(ModelReader model) => Convert.ToHexStringLower(LogicalDigest.Compute(model.Source, model.Anatomy));

    private static MappedLayer Figures(PairedRows? rows, RecoveredLayer layer, ResidualMap? stream, int threads)
    {
        if (rows is null)
        {
            return Of(0, [], [], null, null);
        }

        double[] Means(int shift) => [.. Enumerable.Range(0, rows.Views.Count).Select(view =>
        {
            var cosines = rows.Cosines(view, stream, threads, shift);
            return view == 0 || !rows.SignFree ? cosines.Average() : cosines.Select((cosine, i) => cosine * layer.Signs[i]).Average();
        })];
        var (own, shifted) = (Means(0), rows.Count > 1 ? Means(1) : []);
        return Of(rows.Count, rows.Views, own, own.Average(), shifted.Length > 0 ? shifted.Average() : null);

        MappedLayer Of(int neurons, IReadOnlyList<string> views, double[] cosines, double? cosine, double? beside) =>
            new(layer.SuspectLayer, layer.ReferenceLayer, neurons, views, cosines, cosine, beside)
            {
                SuspectExpert = layer.SuspectExpert == Role.Dense ? null : layer.SuspectExpert,
                ReferenceExpert = layer.ReferenceExpert == Role.Dense ? null : layer.ReferenceExpert,
            };
    }

    // Rows have length 1, so that the squared difference of a row and its counterpart is 2 - 2 cos.
    private static double? Residual(IReadOnlyList<MappedLayer> layers, Func<MappedLayer, double?> cosine)
    {
        var counted = layers.Where(layer => cosine(layer) is not null).ToArray();
        var neurons = counted.Sum(layer => (long)layer.Neurons);
        return neurons == 0 ? null : Math.Sqrt(Math.Max(0, 2 - (2 * counted.Sum(layer => layer.Neurons * cosine(layer)!.Value) / neurons)));
    }

    // Largest entry of U·Uᵀ - I over the smaller side.
    private static double OrthogonalityError(ResidualMap map, int threads)
    {
        var (rows, columns) = map.To <= map.From ? (map.To, map.From) : (map.From, map.To);
        var values = map.To <= map.From ? map.Columns : Numerics.ParallelProducts.Transposed(map.Columns, map.To, map.From);
        var gram = new float[checked(rows * rows)];
        Numerics.ParallelProducts.Gram(values, rows, columns, gram, threads);
        double largest = 0;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < rows; j++)
            {
                largest = Math.Max(largest, Math.Abs(gram[(i * rows) + j] - (i == j ? 1 : 0)));
            }
        }

        return largest;
    }

    private static string Kind(ResidualMap? map) => map is null ? "as-stored"
        : Array.TrueForAll(map.Columns, value => value is 0 or 1 or -1) ? "signed-permutation" : "orthogonal";
}

/// <summary>What checking a map gave.</summary>
/// <param name="Schema"><c>pedigree/map-check/1</c>.</param>
/// <param name="ToolVersion">Version of the program.</param>
/// <param name="Holds">Whether the map is for these two models, is orthogonal, and reproduces the reference to the residual that it states.</param>
/// <param name="SuspectDigest">Logical digest of the suspect.</param>
/// <param name="ReferenceDigest">Logical digest of the reference.</param>
/// <param name="DigestsMatch">Whether the map states the same.</param>
/// <param name="Stream">What becomes of the residual stream: <c>as-stored</c>, <c>signed-permutation</c> or <c>orthogonal</c>.</param>
/// <param name="ReferenceWidth">Width of the reference.</param>
/// <param name="SuspectWidth">Width of the suspect.</param>
/// <param name="OrthogonalityError">Largest entry of U·Uᵀ - I; null where the stream is as stored.</param>
/// <param name="StatedResidual">Residual that the map states; null when it states none.</param>
/// <param name="Residual">Length of the difference between the suspect's rows and the reference's mapped rows, relative to the length of the rows: 0 to 2, √2 for unrelated rows; null without
/// neurons.</param>
/// <param name="ShiftedResidual">The same with each neuron beside the counterpart of the next one: what no correspondence gives.</param>
/// <param name="Layers">One entry a layer of the map.</param>
public sealed record MapCheckReport(
    string Schema, string ToolVersion, bool Holds, string SuspectDigest, string ReferenceDigest, bool DigestsMatch, string Stream, int ReferenceWidth, int SuspectWidth,
    double? OrthogonalityError, double? StatedResidual, double? Residual, double? ShiftedResidual, IReadOnlyList<MappedLayer> Layers)
{
    /// <summary>The same for what the map holds beside neurons.</summary>
    public IReadOnlyList<MappedKind> Kinds { get; init; } = [];
}

/// <summary>How far one kind of rows is reproduced, over all layers.</summary>
/// <param name="Kind"><c>keys</c>, <c>queries</c>, <c>values</c>, <c>attention-outputs</c>, <c>experts</c> (rows of routers) or <c>tokens</c> (rows of embeddings).</param>
/// <param name="Rows">Rows compared.</param>
/// <param name="StatedResidual">Residual that the map states; null when it states none.</param>
/// <param name="Residual">As <see cref="MapCheckReport.Residual"/>.</param>
/// <param name="ShiftedResidual">As <see cref="MapCheckReport.ShiftedResidual"/>, each unit beside the counterpart of the next one.</param>
public sealed record MappedKind(string Kind, long Rows, double? StatedResidual, double Residual, double ShiftedResidual);

/// <summary>How far an MLP is reproduced.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="Neurons">Neurons compared.</param>
/// <param name="Views">Names of the views.</param>
/// <param name="Cosines">Mean cosine of each view.</param>
/// <param name="Cosine">Their mean; null when nothing could be compared.</param>
/// <param name="ShiftedCosine">The same with each neuron beside the counterpart of the next one.</param>
public sealed record MappedLayer(
    int SuspectLayer, int ReferenceLayer, int Neurons, IReadOnlyList<string> Views, IReadOnlyList<double> Cosines, double? Cosine, double? ShiftedCosine)
{
    /// <summary>Expert of the suspect's layer; null for a dense MLP, -2 for the shared expert.</summary>
    public int? SuspectExpert { get; init; }

    /// <summary>Expert of the reference's layer; likewise.</summary>
    public int? ReferenceExpert { get; init; }
}
