using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

        if (i < codes.Length)
        {
            CutScalar(source[i..], shift, mask, codes[i..]);
        }
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

        if (i < codes.Length)
        {
            AddScalar(source[i..], shift, mask, place, codes[i..]);
        }
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
            for (; i <= codes.Length - Lanes; i += Lanes)
            {
                (Vector128.Create<byte>(codes.Slice(i, Lanes)) | Bits(bits[i / 8], bits[(i / 8) + 1], value)).CopyTo(codes[i..]);
            }
        }

        if (i < codes.Length)
        {
            AddBitsScalar(bits[(i / 8)..], value, codes[i..]);
        }
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

        if (i < codes.Length)
        {
            LookUpScalar(table, codes[i..]);
        }
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
            var origin = Vector128.Create(zero);
            for (; i <= values.Length - Lanes; i += Lanes)
            {
                Store((Vector128.Create(codes.Slice(i, Lanes)) - origin).AsSByte(), scale, 0, subtract: false, values.Slice(i, Lanes));
            }
        }

        if (i < values.Length)
        {
            ScaleScalar(codes[i..], zero, scale, values[i..]);
        }
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
            for (; i <= values.Length - Lanes; i += Lanes)
            {
                Store(Vector128.Create(codes.Slice(i, Lanes)).AsSByte(), scale, minimum, subtract: true, values.Slice(i, Lanes));
            }
        }

        if (i < values.Length)
        {
            ScaleAboveScalar(codes[i..], scale, minimum, values[i..]);
        }
    }

    /// <summary>As <see cref="ScaleAbove"/>, one at a time.</summary>
    public static void ScaleAboveScalar(ReadOnlySpan<byte> codes, float scale, float minimum, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (codes[i] * scale) - minimum;
        }
    }

    /// <summary>As <see cref="Scale"/>, for sixteen codes in a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale16(Vector128<byte> codes, byte zero, float scale, Span<float> values) =>
        Store((codes - Vector128.Create(zero)).AsSByte(), scale, 0, subtract: false, values);

    /// <summary>As <see cref="ScaleAbove"/>, for sixteen codes in a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAbove16(Vector128<byte> codes, float scale, float minimum, Span<float> values) =>
        Store(codes.AsSByte(), scale, minimum, subtract: true, values);

    /// <summary>The lower halves of sixteen bytes, and the upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Low, Vector128<byte> High) Halves(ReadOnlySpan<byte> source)
    {
        var both = Vector128.Create(source[..Lanes]);
        return (both & Vector128.Create((byte)15), both >>> 4);
    }

    /// <summary>The value where bit i of two bytes is set, for i from 0 to 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bits(byte low, byte high, byte value)
    {
        var place = Vector128.Create(0x8040201008040201UL).AsByte();
        var spread = Vector128.Shuffle(Vector128.Create((ushort)(low | (high << 8))).AsByte(), Vector128.Create(0UL, 0x0101010101010101UL).AsByte());
        return Vector128.Equals(spread & place, place) & Vector128.Create(value);
    }

    // Sixteen codes at once, on the widest registers of the machine; `subtract` is a constant at each call, so one branch is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<sbyte> codes, float scale, float minimum, bool subtract, Span<float> values)
    {
        if (Avx512F.IsSupported)
        {
            var product = Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(codes)) * Vector512.Create(scale);
            (subtract ? product - Vector512.Create(minimum) : product).CopyTo(values);
        }
        else if (Avx2.IsSupported)
        {
            var low = Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(codes)) * Vector256.Create(scale);
            var high = Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(codes, 8))) * Vector256.Create(scale);
            (subtract ? low - Vector256.Create(minimum) : low).CopyTo(values);
            (subtract ? high - Vector256.Create(minimum) : high).CopyTo(values[8..]);
        }
        else
        {
            var (low, high) = Vector128.Widen(codes);
            var (a, b) = Vector128.Widen(low);
            var (c, d) = Vector128.Widen(high);
            Quarter(a, values);
            Quarter(b, values[4..]);
            Quarter(c, values[8..]);
            Quarter(d, values[12..]);
        }

        void Quarter(Vector128<int> own, Span<float> to)
        {
            var product = Vector128.ConvertToSingle(own) * Vector128.Create(scale);
            (subtract ? product - Vector128.Create(minimum) : product).CopyTo(to);
        }
    }
}
