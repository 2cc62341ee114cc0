using System.Buffers.Binary;

namespace Pedigree.Checkpoints;

/// <summary>Turns 32-bit floats into stored elements; the counterpart of <see cref="ElementDecoder"/>.</summary>
public static class ElementEncoder
{
    /// <summary>Encodes values as little-endian elements, rounding to nearest, ties to even. What is too large for the type becomes infinity, or NaN in F8E4M3 and F8E8M0 which have no
    /// infinity. F8E8M0 has neither 0 nor negative values, which become NaN.</summary>
    /// <param name="type">A floating type (<see cref="ElementTypeFacts.IsFloating"/>).</param>
    /// <param name="source">The values.</param>
    /// <param name="destination">Receives source.Length elements; its length must be exactly that many times <see cref="ElementTypeFacts.Size"/>.</param>
    /// <exception cref="ArgumentException">The type is no floating type, or the destination has another length.</exception>
    public static void Encode(ElementType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (!type.IsFloating())
        {
            throw new ArgumentException($"values cannot be encoded as {type}, which is no floating type", nameof(type));
        }

        if (destination.Length != (long)source.Length * type.Size())
        {
            throw new ArgumentException($"{destination.Length} bytes are not {source.Length} elements of type {type}", nameof(destination));
        }

        for (var i = 0; i < source.Length; i++)
        {
            switch (type)
            {
                case ElementType.F64:
                    BinaryPrimitives.WriteDoubleLittleEndian(destination[(8 * i)..], source[i]);
                    break;
                case ElementType.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(destination[(4 * i)..], source[i]);
                    break;
                case ElementType.F16:
                    BinaryPrimitives.WriteHalfLittleEndian(destination[(2 * i)..], (Half)source[i]);
                    break;
                case ElementType.BF16:
                    BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 * i)..], EncodeBrain(source[i]));
                    break;
                case ElementType.F8E4M3:
                    destination[i] = Float8.Encode(Float8.E4M3, source[i]);
                    break;
                case ElementType.F8E8M0:
                    destination[i] = Float8.EncodePower(source[i]);
                    break;
                default:
                    destination[i] = Float8.Encode(Float8.E5M2, source[i]);
                    break;
            }
        }
    }

    private static ushort EncodeBrain(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            // Dropping the low half could leave an infinity, so a mantissa bit that stays is set.
            return (ushort)((bits >> 16) | 0x40);
        }

        var half = 0x7FFFu + ((bits >> 16) & 1);
        return (ushort)((bits + half) >> 16);
    }
}
