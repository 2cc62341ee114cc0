using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>Tensors of equal layers, experts or blocks.</summary>
/// <param name="Name">Their name, with the numbers in which they differ in brackets: <c>model.layers.[0-27].mlp.up_proj.weight</c>.</param>
/// <param name="Type">Stored element type or encoding.</param>
/// <param name="IsPacked">Whether the file stores other values than plain ones, so that statistics are of decoded values.</param>
/// <param name="Shape">Dimensions of each, slowest first.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Values">Values in all of them.</param>
/// <param name="Bytes">Bytes that they occupy in their files.</param>
/// <param name="Purposes">What they hold, in kebab case; several where parts are fused or stacked.</param>
/// <param name="Statistics">What one pass over all of them shows; null if none was measured.</param>
public sealed record FoldedTensor(
    string Name, string Type, bool IsPacked, IReadOnlyList<long> Shape, int Count, long Values, long Bytes, IReadOnlyList<string> Purposes, FoldedStatistics? Statistics)
{
    internal static FoldedTensor Of(string name, IReadOnlyList<MeasuredTensor> tensors, IReadOnlyList<string> purposes)
    {
        var measured = tensors.Where(tensor => tensor.Statistics is not null).Select(tensor => tensor.Statistics!).ToArray();
        return new FoldedTensor(
            name, TypeOf(tensors[0]), tensors[0].Tensor.Encoding is not null, [.. tensors[0].Tensor.Shape], tensors.Count, tensors.Sum(tensor => tensor.Tensor.Count), tensors.Sum(tensor => tensor.Tensor.StoredLength),
            purposes, measured.Length == 0 ? null : FoldedStatistics.Of(measured));
    }

    internal static string TypeOf(MeasuredTensor tensor) => tensor.Tensor.Encoding ?? tensor.Tensor.Type.ToString();
}

/// <summary>Statistics of several tensors.</summary>
/// <param name="Mean">Their means; null if none has one.</param>
/// <param name="Deviation">Their standard deviations; null if none has one.</param>
/// <param name="ExcessKurtosis">Their excess kurtoses; null if none has one.</param>
/// <param name="Minimum">The smallest finite value of all; null without any.</param>
/// <param name="Maximum">The largest finite value of all; null without any.</param>
/// <param name="ZeroShare">Share of zeros among all values, 0 to 1.</param>
/// <param name="NotFiniteShare">Share of values that are infinite or not a number.</param>
/// <param name="Rows">Rows of all.</param>
/// <param name="ZeroRows">Rows of nothing but zeros.</param>
/// <param name="DuplicateRows">Other rows that repeat an earlier row of the same tensor; null where that was not counted.</param>
/// <param name="ZeroColumns">Columns of nothing but zeros; null where there are none to count.</param>
public sealed record FoldedStatistics(
    FigureRange? Mean, FigureRange? Deviation, FigureRange? ExcessKurtosis, double? Minimum, double? Maximum,
    double ZeroShare, double NotFiniteShare, long Rows, long ZeroRows, long? DuplicateRows, long? ZeroColumns)
{
    internal static FoldedStatistics Of(IReadOnlyList<TensorStatistics> parts)
    {
        double values = parts.Sum(part => part.Count);
        double Share(Func<TensorStatistics, double> share) => parts.Sum(part => share(part) * part.Count) / values;
        long? Total(Func<TensorStatistics, long?> count) => parts.Any(part => count(part) is not null) ? parts.Sum(count) : null;
        return new FoldedStatistics(
            FigureRange.Of(parts.Select(part => part.Mean)), FigureRange.Of(parts.Select(part => part.Deviation)), FigureRange.Of(parts.Select(part => part.ExcessKurtosis)),
            parts.Min(part => part.Minimum), parts.Max(part => part.Maximum), Share(part => part.ZeroShare), Share(part => part.NotNumberShare + part.InfiniteShare),
            parts.Sum(part => part.Rows), parts.Sum(part => part.ZeroRows), Total(part => part.DuplicateRows), Total(part => part.ZeroColumns));
    }
}
