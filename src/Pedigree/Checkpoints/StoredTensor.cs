using System.Collections.Immutable;

namespace Pedigree.Checkpoints;

/// <summary>A named tensor of a checkpoint and where its bytes lie; the bytes themselves are not loaded.</summary>
/// <param name="Name">The tensor's name as the file gives it.</param>
/// <param name="Type">The element type as stored.</param>
/// <param name="Shape">The dimensions, slowest first; empty for a scalar.</param>
/// <param name="Shard">The index of the file in the checkpoint's list of shards.</param>
/// <param name="Offset">Position of the first byte in that file.</param>
/// <param name="Length">Bytes that the tensor occupies; always the product of the shape times the element size.</param>
public sealed record StoredTensor(string Name, ElementType Type, ImmutableArray<long> Shape, int Shard, long Offset, long Length)
{
    /// <summary>Number of elements.</summary>
    public long Count => Length / Type.Size();
}
