using System.Runtime.InteropServices;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Tests.Anatomy;

/// <summary>A checkpoint of true size that occupies no memory: every value follows from the name of its tensor and its place.</summary>
internal sealed class ShapesOnlySource : ITensorSource
{
    private readonly List<StoredTensor> _tensors = [];
    private long _bytesRead;

    public string Address => "shapes only";

    public IReadOnlyList<string> Shards => ["memory"];

    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, byte[]> SideFiles { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public long TotalBytes => _tensors.Sum(tensor => tensor.Length);

    public void Add(string name, params long[] shape) =>
        _tensors.Add(new StoredTensor(name, ElementType.BF16, [.. shape], 0, 0, 2 * shape.Aggregate(1L, (product, size) => product * size)));

    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        Interlocked.Add(ref _bytesRead, destination.Length);
        ulong seed = 0;
        foreach (var letter in tensor.Name)
        {
            seed = CounterRandom.Mix(seed, letter);
        }

        // BF16 around ±1: sign and mantissa from a hash of the place, exponent of 0.5 to 2.
        var values = MemoryMarshal.Cast<byte, ushort>(destination);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = CounterRandom.Mix(seed, (ulong)((byteOffset / 2) + i));
            values[i] = (ushort)((tensor.Shape.Length > 1 ? bits & 0x8000 : 0) | 0x3F00 | (bits >> 20 & 0xFF));
        }
    }

    public void Dispose()
    {
    }
}
