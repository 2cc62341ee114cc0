using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints;

/// <summary>Turns stored elements into 32-bit floats.</summary>
public static class ElementDecoder
{
    private const uint HalfSign = 0x8000;
    private const uint HalfMagnitude = 0x7FFF;

    // Exponent fields as they stand after a half's magnitude has been shifted 13 bits up, under the mantissa width of a float.
    private const uint ShiftedExponent = 0x1Fu << 23;
    private const uint BiasDifference = (127u - 15u) << 23;
    private const uint SpecialDifference = (255u - 31u) << 23;
    private const uint SmallestNormal = (127u - 14u) << 23;

    /// <summary>Decodes little-endian elements; F64 and wide integers round to the nearest float, a boolean becomes 0 or 1, and a NaN stays a NaN of any payload.</summary>
    /// <param name="type">Type of the stored elements.</param>
    /// <param name="source">Exactly destination.Length elements, in bytes.</param>
    /// <param name="destination">Receives the values.</param>
    /// <exception cref="ArgumentException">The source does not hold exactly destination.Length elements.</exception>
    public static void Decode(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        CheckLengths(type, source, destination);
        var done = 0;
        if (BitConverter.IsLittleEndian)
        {
            switch (type)
            {
                case ElementType.F32:
                    source.CopyTo(MemoryMarshal.AsBytes(destination));
                    return;
                case ElementType.BF16 when Vector.IsHardwareAccelerated:
                    done = DecodeBrainVectors(source, destination);
                    break;
                case ElementType.F16 when Vector.IsHardwareAccelerated:
                    done = DecodeHalfVectors(source, destination);
                    break;
                default:
                    break;
            }
        }

        DecodeScalar(type, source[(done * type.Size())..], destination[done..]);
    }

    /// <summary>Does what <see cref="Decode"/> does, one element at a time; the yardstick for the vector code and the path for its remainders.</summary>
    internal static void DecodeScalar(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        CheckLengths(type, source, destination);
        switch (type)
        {
            case ElementType.F64:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(8 * i)..]);
                }

                break;
            case ElementType.F32:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]);
                }

                break;
            case ElementType.F16:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]);
                }

                break;
            case ElementType.BF16:
                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16);
                }

                break;
            case ElementType.F8E4M3:
                DecodeTable(Float8.E4M3, source, destination);
                break;
            case ElementType.F8E5M2:
                DecodeTable(Float8.E5M2, source, destination);
                break;
            case ElementType.F8E8M0:
                DecodeTable(Float8.E8M0, source, destination);
                break;
            default:
                DecodeIntegers(type, source, destination);
                break;
        }
    }

    private static void CheckLengths(ElementType type, ReadOnlySpan<byte> source, ReadOnlySpan<float> destination)
    {
        if (source.Length != (long)destination.Length * type.Size())
        {
            throw new ArgumentException($"{source.Length} bytes are not {destination.Length} elements of type {type}", nameof(source));
        }
    }

    private static void DecodeIntegers(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                ElementType.I64 => BinaryPrimitives.ReadInt64LittleEndian(source[(8 * i)..]),
                ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(source[(4 * i)..]),
                ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(source[(2 * i)..]),
                ElementType.I8 => unchecked((sbyte)source[i]),
                ElementType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(source[(8 * i)..]),
                ElementType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * i)..]),
                ElementType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]),
                ElementType.U8 => source[i],
                ElementType.Bool => source[i] == 0 ? 0f : 1f,
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
            };
        }
    }

    private static void DecodeTable(ReadOnlySpan<float> table, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = table[source[i]];
        }
    }

    private static int DecodeBrainVectors(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var lanes = Vector<ushort>.Count;
        var i = 0;
        for (; i <= destination.Length - lanes; i += lanes)
        {
            Vector.Widen(new Vector<byte>(source[(2 * i)..]).As<byte, ushort>(), out var low, out var high);
            Vector.ShiftLeft(low, 16).As<uint, float>().CopyTo(destination[i..]);
            Vector.ShiftLeft(high, 16).As<uint, float>().CopyTo(destination[(i + (lanes / 2))..]);
        }

        return i;
    }

    private static int DecodeHalfVectors(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var lanes = Vector<ushort>.Count;
        var i = 0;
        for (; i <= destination.Length - lanes; i += lanes)
        {
            Vector.Widen(new Vector<byte>(source[(2 * i)..]).As<byte, ushort>(), out var low, out var high);
            DecodeHalfLanes(low).CopyTo(destination[i..]);
            DecodeHalfLanes(high).CopyTo(destination[(i + (lanes / 2))..]);
        }

        return i;
    }

    // A normal half only needs its exponent re-biased. Infinities and NaNs need the bias of the top exponent. A subnormal is the
    // fraction of a number with the smallest normal exponent, so that number is made and its leading one subtracted, which is exact.
    private static Vector<float> DecodeHalfLanes(Vector<uint> half)
    {
        unchecked
        {
            var sign = Vector.ShiftLeft(half & new Vector<uint>(HalfSign), 16);
            var shifted = Vector.ShiftLeft(half & new Vector<uint>(HalfMagnitude), 13);
            var exponent = shifted & new Vector<uint>(ShiftedExponent);
            var special = Vector.Equals(exponent, new Vector<uint>(ShiftedExponent));
            var difference = Vector.ConditionalSelect(special, new Vector<uint>(SpecialDifference), new Vector<uint>(BiasDifference));
            var fraction = (shifted + new Vector<uint>(SmallestNormal)).As<uint, float>() - new Vector<uint>(SmallestNormal).As<uint, float>();
            var subnormal = Vector.Equals(exponent, Vector<uint>.Zero);
            var magnitude = Vector.ConditionalSelect(subnormal, fraction.As<float, uint>(), shifted + difference);
            return (magnitude | sign).As<uint, float>();
        }
    }
}
