using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>What can be wrong with quantised weights only when they are read.</summary>
internal static class QuantisedFault
{
    public static CheckpointException NoSuchGroup(string file, string tensor, uint group, int groups) =>
        new(
            $"In the file {OfPath(file)}, tensor {Of(tensor)} puts an input into group {group.ToString("N0", CultureInfo.InvariantCulture)} of {groups.ToString("N0", CultureInfo.InvariantCulture)}.",
            file,
            tensor,
            "The quantised weights are damaged; get the file from its publisher again.");
}
