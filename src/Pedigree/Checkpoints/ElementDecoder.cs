using System.Buffers.Binary;

namespace Pedigree.Checkpoints;

/// <summary>Turns stored elements into 32-bit floats.</summary>
public static class ElementDecoder
{
    /// <summary>Decodes little-endian elements; F64 and wide integers round to the nearest float.</summary>
    /// <param name="type">Type of the stored elements.</param>
    /// <param name="source">Exactly destination.Length elements.</param>
    /// <param name="destination">Receives the values.</param>
    public static void Decode(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                ElementType.F32 => BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]),
                ElementType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16),
                ElementType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]),
                _ => throw new NotSupportedException(type.ToString()),
            };
        }
    }
}
