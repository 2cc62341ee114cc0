using System.Collections.Immutable;

namespace Pedigree.Checkpoints;

/// <summary>A named tensor of a checkpoint and where its bytes lie; the bytes themselves are not loaded. What is described is the logical tensor: where a
/// file stores blocks, codes and scales, or lets several names share one storage, <see cref="ITensorSource.Read"/> hands out the plain values that they stand for.</summary>
/// <param name="Name">The tensor's name as the file gives it.</param>
/// <param name="Type">The element type that is read; as stored, unless <see cref="Encoding"/> says that it is decoded.</param>
/// <param name="Shape">The dimensions, slowest first; empty for a scalar.</param>
/// <param name="Shard">The index of the file in the checkpoint's list of shards.</param>
/// <param name="Offset">Position in that file of the first byte that is stored.</param>
/// <param name="Length">Bytes of the plain tensor; always the product of the shape times the element size.</param>
public sealed record StoredTensor(string Name, ElementType Type, ImmutableArray<long> Shape, int Shard, long Offset, long Length)
{
    private readonly long? storedLength;

    /// <summary>How the file stores the values, such as <c>Q4_K</c>; null when they are stored plainly, as <see cref="Type"/>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Bytes that the tensor occupies in its files; <see cref="Length"/> unless set.</summary>
    public long StoredLength
    {
        get => storedLength ?? Length;
        init => storedLength = value;
    }

    /// <summary>Number of elements.</summary>
    public long Count => Length / Type.Size();
}
