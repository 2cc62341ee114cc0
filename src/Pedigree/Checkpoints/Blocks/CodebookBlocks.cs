using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Checkpoints.Blocks;

// Blocks whose codes of 4 bits select one of 16 values (ggml-common.h of ggml; OCP Microscaling Formats specification, version 1.0).

/// <summary>The values that codes of 4 bits stand for.</summary>
internal static class Codebooks
{
    /// <summary>The 16 levels of IQ4_NL and IQ4_XS, as ggml defines them.</summary>
    public static ReadOnlySpan<sbyte> NonLinear => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice the values of the 4-bit float E2M1 (OCP Microscaling Formats specification, section 5.3.3), which are whole numbers.</summary>
    public static ReadOnlySpan<sbyte> DoubledE2M1 => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];
}

/// <summary>IQ4_NL: d (binary16), then 32 codes of 4 bits; d · level.</summary>
internal readonly struct Iq4Nl : IBlockLayout
{
    public static string Name => "IQ4_NL";

    public static int Values => 32;

    public static int Bytes => 18;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[2..]);
        var (levels, scale) = (Vector128.Create(Codebooks.NonLinear).AsByte(), BlockKernels.Half(block));
        BlockKernels.Scale16(Vector128.Shuffle(levels, low), 0, scale, values);
        BlockKernels.Scale16(Vector128.Shuffle(levels, high), 0, scale, values[16..]);
    }
}

/// <summary>IQ4_XS: d (binary16), 8 scales of 6 bits, 256 codes of 4 bits; d · (scale - 32) · level.</summary>
internal readonly struct Iq4Xs : IBlockLayout
{
    public static string Name => "IQ4_XS";

    public static int Values => 256;

    public static int Bytes => 136;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (levels, scale) = (Vector128.Create(Codebooks.NonLinear).AsByte(), BlockKernels.Half(block));
        var upper = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (var run = 0; run < 8; run++)
        {
            var (low, high) = BlockKernels.Halves(block[(8 + (16 * run))..]);
            var own = scale * ((((block[4 + (run / 2)] >> (4 * (run % 2))) & 15) | (((upper >> (2 * run)) & 3) << 4)) - 32);
            BlockKernels.Scale16(Vector128.Shuffle(levels, low), 0, own, values[(32 * run)..]);
            BlockKernels.Scale16(Vector128.Shuffle(levels, high), 0, own, values[((32 * run) + 16)..]);
        }
    }
}

/// <summary>MXFP4 as ggml stores it: an exponent, then 32 codes of E2M1; 2^(exponent - 127) · value.</summary>
internal readonly struct MxFp4 : IBlockLayout
{
    public static string Name => "MXFP4";

    public static int Values => 32;

    public static int Bytes => 17;

    public static IReadOnlyList<(int Offset, int Size)> Words => [];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[1..]);
        // 2^(exponent - 128), written as bits; the two smallest are subnormal.
        var scale = BitConverter.UInt32BitsToSingle(block[0] < 2 ? 0x00200000u << block[0] : (uint)(block[0] - 1) << 23);
        var levels = Vector128.Create(Codebooks.DoubledE2M1).AsByte();
        BlockKernels.Scale16(Vector128.Shuffle(levels, low), 0, scale, values);
        BlockKernels.Scale16(Vector128.Shuffle(levels, high), 0, scale, values[16..]);
    }
}

/// <summary>NVFP4 as ggml stores it: four scales of E4M3, then four runs of 16 codes of E2M1; scale · value.</summary>
internal readonly struct NvFp4 : IBlockLayout
{
    public static string Name => "NVFP4";

    public static int Values => 64;

    public static int Bytes => 36;

    public static IReadOnlyList<(int Offset, int Size)> Words => [];

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[16];
        for (var run = 0; run < 4; run++)
        {
            BlockKernels.Cut(block.Slice(4 + (8 * run), 8), 0, 15, codes[..8]);
            BlockKernels.Cut(block.Slice(4 + (8 * run), 8), 4, 15, codes[8..]);
            BlockKernels.LookUp(Codebooks.DoubledE2M1, codes);

            // Scales are unsigned; ggml takes the code that E4M3 keeps for NaN as 0.
            var scale = (block[run] & 0x7F) == 0x7F ? 0 : Float8.E4M3[block[run] & 0x7F];
            BlockKernels.Scale(codes, 0, scale / 2, values.Slice(16 * run, 16));
        }
    }
}
