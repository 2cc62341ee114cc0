using System.Globalization;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>What statistics of all values show that a reader should know: values that are no numbers, padded and dead units, copies.</summary>
internal static class MeasurementFindings
{
    /// <summary>The findings; none without statistics.</summary>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<MeasuredTensor> tensors)
    {
        var findings = new List<Finding>();
        void Find(string id, Func<TensorStatistics, long> count, Func<string, string, string> sentence)
        {
            var found = tensors.Where(tensor => tensor.Statistics is { } statistics && count(statistics) > 0).ToArray();
            if (found.Length > 0)
            {
                var total = found.Sum(tensor => count(tensor.Statistics!));
                var most = found.MaxBy(tensor => count(tensor.Statistics!))!;
                findings.Add(new Finding(id, sentence(
                    Number(total), found.Length == 1 ? Quotation.Of(most.Tensor.Name) : $"{Number(found.Length)} tensors, most of them in {Quotation.Of(most.Tensor.Name)}")));
            }
        }

        Find("values-not-finite", statistics => Count(statistics.NotNumberShare + statistics.InfiniteShare, statistics.Count),
            (count, where) => $"Values that are infinite or not a number: {count} in {where}.");
        // A vector has one row, and one of zeros is an ordinary bias.
        Find("zero-rows", statistics => statistics.Columns is null ? 0 : statistics.ZeroRows,
            (count, where) => $"Rows of nothing but zeros, which are padding or units that do nothing: {count} in {where}.");
        Find("zero-columns", statistics => statistics.ZeroRows == statistics.Rows ? 0 : statistics.ZeroColumns ?? 0,
            (count, where) => $"Columns of nothing but zeros, which are padding or units that do nothing: {count} in {where}.");
        Find("repeated-rows", statistics => statistics.Columns is null ? 0 : statistics.DuplicateRows ?? 0,
            (count, where) => $"Rows that repeat another row of the same tensor bit by bit, which are untrained tokens or copied units: {count} in {where}.");
        return findings;
    }

    private static long Count(double share, long values) => (long)Math.Round(share * values);

    private static string Number(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);
}
