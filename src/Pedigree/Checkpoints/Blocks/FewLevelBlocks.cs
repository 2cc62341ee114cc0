using System.Runtime.CompilerServices;

namespace Pedigree.Checkpoints.Blocks;

// Blocks with two to four levels (ggml-common.h of ggml).

/// <summary>TQ1_0: five values a byte in 48 bytes and four in 4 bytes, as the leading base-3 digits of byte/256; then d (binary16).</summary>
internal readonly struct Tq10 : IBlockLayout
{
    public static string Name => "TQ1_0";

    public static int Values => 256;

    public static int Bytes => 54;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(52, 2)];

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[256];
        Digits(block[..32], 5, codes[..160]);
        Digits(block.Slice(32, 16), 5, codes.Slice(160, 80));
        Digits(block.Slice(48, 4), 4, codes[240..]);
        BlockKernels.Scale(codes, 1, BlockKernels.Half(block[52..]), values);
    }

    // The first digits of all bytes come first, then the second digits, and so on.
    private static void Digits(ReadOnlySpan<byte> source, int count, Span<byte> codes)
    {
        var power = 1;
        for (var digit = 0; digit < count; digit++)
        {
            for (var i = 0; i < source.Length; i++)
            {
                codes[(digit * source.Length) + i] = (byte)(((source[i] * power) & 0xFF) * 3 >> 8);
            }

            power *= 3;
        }
    }
}

/// <summary>TQ2_0: 256 codes of 2 bits, then d (binary16); d · (code - 1).</summary>
internal readonly struct Tq20 : IBlockLayout
{
    public static string Name => "TQ2_0";

    public static int Values => 256;

    public static int Bytes => 66;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(64, 2)];

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[256];
        Quarters.Cut(block, codes);
        BlockKernels.Scale(codes, 1, BlockKernels.Half(block[64..]), values);
    }
}

/// <summary>Q1_0: d (binary16), then 128 bits; d where the bit is set, otherwise -d.</summary>
internal readonly struct Q10 : IBlockLayout
{
    public static string Name => "Q1_0";

    public static int Values => 128;

    public static int Bytes => 18;

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[128];
        codes.Clear();
        BlockKernels.AddBits(block[2..], 2, codes);
        BlockKernels.Scale(codes, 1, BlockKernels.Half(block), values);
    }
}

/// <summary>Q2_0: d (binary16), then 64 codes of 2 bits, four neighbours a byte; d · (code - 1).</summary>
internal readonly struct Q20 : IBlockLayout
{
    public static string Name => "Q2_0";

    public static int Values => 64;

    public static int Bytes => 18;

    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<byte> codes = stackalloc byte[64];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)((block[2 + (i / 4)] >> (2 * (i % 4))) & 3);
        }

        BlockKernels.Scale(codes, 1, BlockKernels.Half(block), values);
    }
}
