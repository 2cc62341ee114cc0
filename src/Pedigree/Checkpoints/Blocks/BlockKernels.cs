using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Checkpoints.Blocks;

/// <summary>The steps that decoders of blocks are made of: codes are cut out of bytes, then multiplied. Each has a scalar twin that gives the same bits.</summary>
/// <remarks>Products and differences are rounded one by one as the reference implementation of ggml does; nothing is fused.</remarks>
internal static class BlockKernels
{
    private const int Lanes = 16;

    /// <summary>A binary16 at the start of a span.</summary>
    public static float Half(ReadOnlySpan<byte> source) => (float)BinaryPrimitives.ReadHalfLittleEndian(source);

    /// <summary>codes[i] = (source[i] >> shift) and mask.</summary>
    public static void Cut(ReadOnlySpan<byte> source, int shift, byte mask, Span<byte> codes)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var wanted = Vector128.Create(mask);
            for (; i <= codes.Length - Lanes; i += Lanes)
            {
                ((Vector128.Create(source.Slice(i, Lanes)) >>> shift) & wanted).CopyTo(codes[i..]);
            }
        }

        CutScalar(source[i..], shift, mask, codes[i..]);
    }

    /// <summary>As <see cref="Cut"/>, one at a time.</summary>
    public static void CutScalar(ReadOnlySpan<byte> source, int shift, byte mask, Span<byte> codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)((source[i] >> shift) & mask);
        }
    }

    /// <summary>codes[i] |= ((source[i] >> shift) and mask) &lt;&lt; place.</summary>
    public static void Add(ReadOnlySpan<byte> source, int shift, byte mask, int place, Span<byte> codes)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var wanted = Vector128.Create(mask);
            for (; i <= codes.Length - Lanes; i += Lanes)
            {
                var bits = ((Vector128.Create(source.Slice(i, Lanes)) >>> shift) & wanted) << place;
                (Vector128.Create<byte>(codes.Slice(i, Lanes)) | bits).CopyTo(codes[i..]);
            }
        }

        AddScalar(source[i..], shift, mask, place, codes[i..]);
    }

    /// <summary>As <see cref="Add"/>, one at a time.</summary>
    public static void AddScalar(ReadOnlySpan<byte> source, int shift, byte mask, int place, Span<byte> codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] |= (byte)(((source[i] >> shift) & mask) << place);
        }
    }

    /// <summary>codes[i] |= value where bit i of the little-endian <paramref name="bits"/> is set.</summary>
    public static void AddBits(ReadOnlySpan<byte> bits, byte value, Span<byte> codes)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var place = Vector128.Create(0x8040201008040201UL).AsByte();
            for (; i <= codes.Length - Lanes; i += Lanes)
            {
                var spread = Vector128.Create(Vector64.Create(bits[i / 8]), Vector64.Create(bits[(i / 8) + 1]));
                var set = Vector128.Equals(spread & place, place) & Vector128.Create(value);
                (Vector128.Create<byte>(codes.Slice(i, Lanes)) | set).CopyTo(codes[i..]);
            }
        }

        AddBitsScalar(bits[(i / 8)..], value, codes[i..]);
    }

    /// <summary>As <see cref="AddBits"/>, one at a time.</summary>
    public static void AddBitsScalar(ReadOnlySpan<byte> bits, byte value, Span<byte> codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] |= ((bits[i / 8] >> (i % 8)) & 1) == 0 ? (byte)0 : value;
        }
    }

    /// <summary>codes[i] = table[codes[i]], for codes below 16.</summary>
    public static void LookUp(ReadOnlySpan<sbyte> table, Span<byte> codes)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var values = Vector128.Create(table[..Lanes]).AsByte();
            for (; i <= codes.Length - Lanes; i += Lanes)
            {
                Vector128.Shuffle(values, Vector128.Create<byte>(codes.Slice(i, Lanes))).CopyTo(codes[i..]);
            }
        }

        LookUpScalar(table, codes[i..]);
    }

    /// <summary>As <see cref="LookUp"/>, one at a time.</summary>
    public static void LookUpScalar(ReadOnlySpan<sbyte> table, Span<byte> codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = unchecked((byte)table[codes[i]]);
        }
    }

    /// <summary>values[i] = scale · (codes[i] - zero), where the difference is taken as a signed byte.</summary>
    public static void Scale(ReadOnlySpan<byte> codes, byte zero, float scale, Span<float> values)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var factor = Vector128.Create(scale);
            var origin = Vector128.Create(zero);
            for (; i <= values.Length - Lanes; i += Lanes)
            {
                var (a, b, c, d) = Floats(Vector128.Create(codes.Slice(i, Lanes)) - origin);
                (a * factor).CopyTo(values[i..]);
                (b * factor).CopyTo(values[(i + 4)..]);
                (c * factor).CopyTo(values[(i + 8)..]);
                (d * factor).CopyTo(values[(i + 12)..]);
            }
        }

        ScaleScalar(codes[i..], zero, scale, values[i..]);
    }

    /// <summary>As <see cref="Scale"/>, one at a time.</summary>
    public static void ScaleScalar(ReadOnlySpan<byte> codes, byte zero, float scale, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = unchecked((sbyte)(codes[i] - zero)) * scale;
        }
    }

    /// <summary>values[i] = scale · codes[i] - minimum, for codes below 128.</summary>
    public static void ScaleAbove(ReadOnlySpan<byte> codes, float scale, float minimum, Span<float> values)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var factor = Vector128.Create(scale);
            var least = Vector128.Create(minimum);
            for (; i <= values.Length - Lanes; i += Lanes)
            {
                var (a, b, c, d) = Floats(Vector128.Create(codes.Slice(i, Lanes)));
                ((a * factor) - least).CopyTo(values[i..]);
                ((b * factor) - least).CopyTo(values[(i + 4)..]);
                ((c * factor) - least).CopyTo(values[(i + 8)..]);
                ((d * factor) - least).CopyTo(values[(i + 12)..]);
            }
        }

        ScaleAboveScalar(codes[i..], scale, minimum, values[i..]);
    }

    /// <summary>As <see cref="ScaleAbove"/>, one at a time.</summary>
    public static void ScaleAboveScalar(ReadOnlySpan<byte> codes, float scale, float minimum, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (codes[i] * scale) - minimum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Floats(Vector128<byte> codes)
    {
        var (low, high) = Vector128.Widen(codes.AsSByte());
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        return (Vector128.ConvertToSingle(a), Vector128.ConvertToSingle(b), Vector128.ConvertToSingle(c), Vector128.ConvertToSingle(d));
    }
}
