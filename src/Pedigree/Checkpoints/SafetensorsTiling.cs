using System.Collections.Immutable;

namespace Pedigree.Checkpoints;

/// <summary>Checks where a header puts its tensors. They must tile the data from its first byte to its last, without overlap or gap, so that nothing can hide between them.</summary>
internal static class SafetensorsTiling
{
    /// <summary>Checks the tensors of a file and moves their offsets, which count from the end of the header, to count from the beginning of the file.</summary>
    /// <param name="tensors">The tensors as the header lists them, each with Offset + Length of at most 63 bits; sorted by this method.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="dataStart">Bytes before the data.</param>
    /// <param name="fileLength">Bytes in the file.</param>
    /// <returns>The tensors in order of their bytes.</returns>
    /// <exception cref="CheckpointException">A tensor lies past the end or overlaps another, or bytes belong to no tensor.</exception>
    public static ImmutableArray<StoredTensor> Place(List<StoredTensor> tensors, string file, long dataStart, long fileLength)
    {
        var dataLength = fileLength - dataStart;
        tensors.Sort(static (a, b) => (a.Offset, a.Length).CompareTo((b.Offset, b.Length)));

        // Asked first, because a download that broke off should be called that, whatever else is wrong.
        if (tensors.MaxBy(tensor => tensor.Offset + tensor.Length) is { } last && last.Offset + last.Length > dataLength)
        {
            throw SafetensorsFault.PastEnd(file, last.Name, (ulong)dataStart + (ulong)(last.Offset + last.Length), fileLength);
        }

        var placed = ImmutableArray.CreateBuilder<StoredTensor>(tensors.Count);
        var covered = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset < covered)
            {
                throw SafetensorsFault.Overlap(file, tensor.Name, placed[^1].Name);
            }

            if (tensor.Offset > covered)
            {
                throw SafetensorsFault.Gap(file, tensor.Name, tensor.Offset - covered);
            }

            covered += tensor.Length;
            placed.Add(tensor with { Offset = dataStart + tensor.Offset });
        }

        return covered == dataLength ? placed.MoveToImmutable() : throw SafetensorsFault.NotCovered(file, dataLength - covered);
    }
}
