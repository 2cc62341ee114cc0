using System.Buffers.Binary;

namespace Pedigree.Checkpoints.Blocks;

// Blocks of 256 values in groups of 16 or 32 whose scales are themselves quantised (the k-quants of ggml-common.h in ggml).

/// <summary>Q2_K: 16 bytes with scale (low half) and minimum (high half) of each 16 values, codes of 2 bits, d and dmin (binary16).</summary>
internal readonly struct Q2K : IBlockLayout
{
    public static string Name => "Q2_K";

    public static int Values => 256;

    public static int Bytes => 84;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(80, 2), (82, 2)];

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
        Span<byte> codes = stackalloc byte[256];
        SixBits.CutRuns(block.Slice(16, 128), codes);
        SixBits.Scale(block, codes, values);
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
        Span<byte> codes = stackalloc byte[256];
        SixBits.CutRuns(block.Slice(48, 128), codes);
        for (var run = 0; run < 8; run++)
        {
            BlockKernels.Add(block.Slice(16, 32), run, 1, 4, codes.Slice(32 * run, 32));
        }

        SixBits.Scale(block, codes, values);
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
        Span<byte> codes = stackalloc byte[256];
        for (var half = 0; half < 2; half++)
        {
            var low = block.Slice(64 * half, 64);
            var high = block.Slice(128 + (32 * half), 32);
            for (var run = 0; run < 4; run++)
            {
                var own = codes.Slice((128 * half) + (32 * run), 32);
                BlockKernels.Cut(low.Slice(32 * (run % 2), 32), 4 * (run / 2), 15, own);
                BlockKernels.Add(high, 2 * run, 3, 4, own);
            }
        }

        var scale = BlockKernels.Half(block[208..]);
        for (var group = 0; group < 16; group++)
        {
            BlockKernels.Scale(codes.Slice(16 * group, 16), 32, scale * unchecked((sbyte)block[192 + group]), values.Slice(16 * group, 16));
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
    public static void CutRuns(ReadOnlySpan<byte> source, Span<byte> codes)
    {
        for (var run = 0; run < 8; run++)
        {
            BlockKernels.Cut(source.Slice(32 * (run / 2), 32), 4 * (run % 2), 15, codes.Slice(32 * run, 32));
        }
    }

    public static void Scale(ReadOnlySpan<byte> block, ReadOnlySpan<byte> codes, Span<float> values)
    {
        var (scale, minimum) = (BlockKernels.Half(block), BlockKernels.Half(block[2..]));
        var packed = block.Slice(4, 12);
        for (var run = 0; run < 8; run++)
        {
            // Runs 0 to 3 use the low 6 bits of bytes 0 to 3 and 4 to 7; the others combine bytes 8 to 11 with the 2 bits left over there.
            var place = run % 4;
            var (own, least) = run < 4
                ? (packed[place] & 63, packed[4 + place] & 63)
                : ((packed[8 + place] & 15) | ((packed[place] >> 6) << 4), (packed[8 + place] >> 4) | ((packed[4 + place] >> 6) << 4));
            BlockKernels.ScaleAbove(codes.Slice(32 * run, 32), scale * own, minimum * least, values.Slice(32 * run, 32));
        }
    }
}
