using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Curves of the standard deviations of one kind of MLP matrix. A layer with experts has the mean of theirs, and their spread.</summary>
/// <param name="Mean">The curve; null as in <see cref="DepthCurve.Of"/>.</param>
/// <param name="Spread">Standard deviation over the experts of a layer in parts of their mean; null where there are too few layers with experts.</param>
/// <param name="Experts">Most experts of a layer that were measured; 0 for a dense model.</param>
internal sealed record MlpCurve(DepthCurve? Mean, DepthCurve? Spread, int Experts)
{
    // A mean over eight tells layers apart; the bytes are better spent on larger pieces.
    private const int SampledExperts = 8;

    /// <summary>Bytes of all matrices of one kind.</summary>
    public static long StoredBytes(ModelAnatomy anatomy, Part part) => Layers(anatomy, part).Sum(layer => layer.Views.Sum(RowRuns.StoredBytes));

    /// <summary>Number of layers that have the matrix.</summary>
    public static int Depth(ModelAnatomy anatomy, Part part) => Layers(anatomy, part).Count;

    /// <summary>Measures the curve.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">Gate, up or down.</param>
    /// <param name="values">Values to read of each layer; <see cref="long.MaxValue"/> for all values of all experts.</param>
    public static MlpCurve Of(DescribedModel model, Part part, long values)
    {
        var layers = Layers(model.Anatomy, part);
        var chosen = layers.Select(layer => values == long.MaxValue ? layer.Views : Spaced(layer.Views)).ToArray();
        var measured = new MatrixDeviation?[layers.Count][];
        Parallel.For(0, layers.Count, SharedThreads.Options(model.Threads), index => measured[index] =
            [.. chosen[index].Select(view => MatrixDeviation.OfPieces(model.Reader, view, values / chosen[index].Count))]);
        var bytes = measured.Sum(layer => layer.Sum(matrix => matrix?.BytesRead ?? 0));
        var numbers = layers.Select(layer => layer.Number).ToArray();
        var mean = DepthCurve.Of(
            DepthCurve.DeviationOf(part), part.ToString(), numbers, [.. measured.Select(MeanOf)], [.. measured.Select(Error).OfType<double>()], bytes);
        var experts = Enumerable.Range(0, layers.Count).Where(index => chosen[index].Count > 1).ToArray();
        var spread = DepthCurve.Of(
            $"{DepthCurve.Word(part)}-expert-spread", part.ToString(), [.. experts.Select(index => numbers[index])], [.. experts.Select(index => SpreadOf(measured[index]))], [], 0);
        return new MlpCurve(mean, spread, experts.Length == 0 ? 0 : experts.Max(index => chosen[index].Count));
    }

    private static List<(int Number, IReadOnlyList<TensorView> Views)> Layers(ModelAnatomy anatomy, Part part) =>
        [.. anatomy.Views
            .Where(entry => entry.Key.Part == part && entry.Key.Layer >= 0 && entry.Key.Expert != Role.Shared && RowRuns.IsReadable(entry.Value))
            .GroupBy(entry => entry.Key.Layer)
            .OrderBy(layer => layer.Key)
            .Select(layer => (layer.Key, (IReadOnlyList<TensorView>)[.. layer.OrderBy(entry => entry.Key).Select(entry => entry.Value)]))];

    private static IReadOnlyList<TensorView> Spaced(IReadOnlyList<TensorView> views) => views.Count <= SampledExperts
        ? views
        : [.. Enumerable.Range(0, SampledExperts).Select(index => views[((2 * index) + 1) * views.Count / (2 * SampledExperts)])];

    private static double? MeanOf(MatrixDeviation?[] experts) =>
        Array.TrueForAll(experts, expert => expert is not null) ? experts.Average(expert => expert!.Value.Value) : null;

    private static double? Error(MatrixDeviation?[] experts) => Array.TrueForAll(experts, expert => expert?.StandardError is not null)
        ? Math.Sqrt(experts.Sum(expert => expert!.Value.StandardError!.Value * expert.Value.StandardError.Value)) / experts.Length
        : null;

    private static double? SpreadOf(MatrixDeviation?[] experts) => MeanOf(experts) is { } mean and > 0
        ? Math.Sqrt(experts.Average(expert => (expert!.Value.Value - mean) * (expert.Value.Value - mean))) / mean
        : null;
}
