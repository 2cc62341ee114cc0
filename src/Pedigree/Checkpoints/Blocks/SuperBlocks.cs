using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Checkpoints.Blocks;

// Blocks of 256 values in groups of 16 or 32 whose scales are themselves quantised (the k-quants of ggml-common.h in ggml).

/// <summary>Q2_K: 16 bytes with scale (low half) and minimum (high half) of each 16 values, codes of 2 bits, d and dmin (binary16).</summary>
internal readonly struct Q2K : IBlockLayout
{
    public static string Name => "Q2_K";

    public static int Values => 256;

    public static int Bytes => 84;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(80, 2), (82, 2)];

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[256];
        Quarters.Cut(block[16..], codes);
        var (scale, minimum) = (BlockKernels.Half(block[80..]), BlockKernels.Half(block[82..]));
        for (var group = 0; group < 16; group++)
        {
            BlockKernels.ScaleAbove(codes.Slice(16 * group, 16), scale * (block[group] & 15), minimum * (block[group] >> 4), values.Slice(16 * group, 16));
        }
    }
}

/// <summary>Q3_K: 256 third bits, codes of 2 bits, 16 scales of 6 bits, d (binary16); d · (scale - 32) · (code - 4).</summary>
internal readonly struct Q3K : IBlockLayout
{
    public static string Name => "Q3_K";

    public static int Values => 256;

    public static int Bytes => 110;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(108, 2)];

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[256];
        Quarters.Cut(block[32..], codes);
        for (var run = 0; run < 8; run++)
        {
            BlockKernels.Add(block[..32], run, 1, 2, codes.Slice(32 * run, 32));
        }

        var scale = BlockKernels.Half(block[108..]);
        var packed = block.Slice(96, 12);
        for (var group = 0; group < 16; group++)
        {
            // The first 8 bytes hold the low 4 bits of scales 0 to 7 and 8 to 15, the last 4 the upper 2 bits of every fourth scale.
            var low = (packed[group % 8] >> (4 * (group / 8))) & 15;
            var high = (packed[8 + (group % 4)] >> (2 * (group / 4))) & 3;
            BlockKernels.Scale(codes.Slice(16 * group, 16), 4, scale * ((low | (high << 4)) - 32), values.Slice(16 * group, 16));
        }
    }
}

/// <summary>Q4_K: d and dmin (binary16), 8 scales and minima of 6 bits, codes of 4 bits; d · scale · code - dmin · minimum.</summary>
internal readonly struct Q4K : IBlockLayout
{
    public static string Name => "Q4_K";

    public static int Values => 256;

    public static int Bytes => 144;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<float> scales = stackalloc float[16];
        SixBits.Scales(block, scales);
        for (var pair = 0; pair < 4; pair++)
        {
            var own = values.Slice(64 * pair, 64);
            for (var part = 0; part < 2; part++)
            {
                var (low, high) = BlockKernels.Halves(block[(16 + (32 * pair) + (16 * part))..]);
                BlockKernels.ScaleAbove16(low, scales[2 * pair], scales[8 + (2 * pair)], own[(16 * part)..]);
                BlockKernels.ScaleAbove16(high, scales[(2 * pair) + 1], scales[9 + (2 * pair)], own[(32 + (16 * part))..]);
            }
        }
    }
}

/// <summary>Q5_K: as Q4_K, with 256 fifth bits before the codes.</summary>
internal readonly struct Q5K : IBlockLayout
{
    public static string Name => "Q5_K";

    public static int Values => 256;

    public static int Bytes => 176;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<float> scales = stackalloc float[16];
        SixBits.Scales(block, scales);
        var (one, fifth) = (Vector128.Create((byte)1), Vector128.Create((byte)16));
        for (var part = 0; part < 2; part++)
        {
            var bits = Vector128.Create(block.Slice(16 + (16 * part), 16));
            for (var pair = 0; pair < 4; pair++)
            {
                var own = values[((64 * pair) + (16 * part))..];
                var (low, high) = BlockKernels.Halves(block[(48 + (32 * pair) + (16 * part))..]);
                BlockKernels.ScaleAbove16(low | (((bits >>> (2 * pair)) & one) * fifth), scales[2 * pair], scales[8 + (2 * pair)], own);
                BlockKernels.ScaleAbove16(high | (((bits >>> ((2 * pair) + 1)) & one) * fifth), scales[(2 * pair) + 1], scales[9 + (2 * pair)], own[32..]);
            }
        }
    }
}

/// <summary>Q6_K: low 4 bits, upper 2 bits, 16 signed scales of 8 bits, d (binary16); d · scale · (code - 32).</summary>
internal readonly struct Q6K : IBlockLayout
{
    public static string Name => "Q6_K";

    public static int Values => 256;

    public static int Bytes => 210;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(208, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = BlockKernels.Half(block[208..]);
        var two = Vector128.Create((byte)3);
        for (var half = 0; half < 2; half++)
        {
            for (var part = 0; part < 2; part++)
            {
                var at = (64 * half) + (16 * part);
                var (a, c) = BlockKernels.Halves(block[at..]);
                var (b, d) = BlockKernels.Halves(block[(at + 32)..]);
                var upper = Vector128.Create(block.Slice(128 + (32 * half) + (16 * part), 16));
                var own = values[((128 * half) + (16 * part))..];
                var scales = block[(192 + (8 * half) + part)..];
                BlockKernels.Scale16(a | ((upper & two) << 4), 32, scale * unchecked((sbyte)scales[0]), own);
                BlockKernels.Scale16(b | (((upper >>> 2) & two) << 4), 32, scale * unchecked((sbyte)scales[2]), own[32..]);
                BlockKernels.Scale16(c | (((upper >>> 4) & two) << 4), 32, scale * unchecked((sbyte)scales[4]), own[64..]);
                BlockKernels.Scale16(d | ((upper >>> 6) << 4), 32, scale * unchecked((sbyte)scales[6]), own[96..]);
            }
        }
    }
}

/// <summary>Q8_K: d (binary32), 256 signed bytes, then sums that the values make superfluous; d · byte.</summary>
internal readonly struct Q8K : IBlockLayout
{
    public static string Name => "Q8_K";

    public static int Values => 256;

    public static int Bytes => 292;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 4)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values) =>
        BlockKernels.Scale(block.Slice(4, 256), 0, BinaryPrimitives.ReadSingleLittleEndian(block), values);
}

/// <summary>256 codes of 2 bits: 32 bytes hold four runs of 32 codes each, the first in the lowest bits.</summary>
internal static class Quarters
{
    public static void Cut(ReadOnlySpan<byte> source, Span<byte> codes)
    {
        for (var run = 0; run < 8; run++)
        {
            BlockKernels.Cut(source.Slice(32 * (run / 4), 32), 2 * (run % 4), 3, codes.Slice(32 * run, 32));
        }
    }
}

/// <summary>What Q4_K and Q5_K share: runs of 32 values, with a scale and a minimum of 6 bits each.</summary>
internal static class SixBits
{
    /// <summary>Eight scales, then eight minima, multiplied by d and dmin at the beginning of the block.</summary>
    public static void Scales(ReadOnlySpan<byte> block, Span<float> scales)
    {
        var (scale, minimum) = (BlockKernels.Half(block), BlockKernels.Half(block[2..]));
        var packed = block.Slice(4, 12);
        for (var place = 0; place < 4; place++)
        {
            // Runs 0 to 3 use the low 6 bits of bytes 0 to 3 and 4 to 7; the others combine bytes 8 to 11 with the 2 bits left over there.
            scales[place] = scale * (packed[place] & 63);
            scales[8 + place] = minimum * (packed[4 + place] & 63);
            scales[4 + place] = scale * ((packed[8 + place] & 15) | ((packed[place] >> 6) << 4));
            scales[12 + place] = minimum * ((packed[8 + place] >> 4) | ((packed[4 + place] >> 6) << 4));
        }
    }
}
