using System.Buffers;
using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>Reads elements of stored tensors.</summary>
internal static class PartReader
{
    /// <summary>Elements as floats.</summary>
    public static void Floats(this ITensorSource stored, StoredTensor part, long first, Span<float> values)
    {
        var size = part.Type.Size();
        var bytes = ArrayPool<byte>.Shared.Rent(values.Length * size);
        try
        {
            var own = bytes.AsSpan(0, values.Length * size);
            stored.Read(part, first * size, own);
            ElementDecoder.Decode(part.Type, own, values);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Elements of 32 bits, as they are.</summary>
    public static void Words(this ITensorSource stored, StoredTensor part, long first, Span<uint> values)
    {
        stored.Read(part, first * sizeof(uint), MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
        {
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(values, values);
        }
    }
}
