namespace Pedigree.Checkpoints.Blocks;

// Blocks of 32 values with one scale and at most one minimum (ggml-common.h of ggml). A byte holds value i in its low half and value i + 16 in its high half.

/// <summary>Q4_0: d (binary16), then 32 codes of 4 bits; d · (code - 8).</summary>
internal readonly struct Q40 : IBlockLayout
{
    public static string Name => "Q4_0";

    public static int Values => 32;

    public static int Bytes => 18;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[2..]);
        var scale = BlockKernels.Half(block);
        BlockKernels.Scale16(low, 8, scale, values);
        BlockKernels.Scale16(high, 8, scale, values[16..]);
    }
}

/// <summary>Q4_1: d and m (binary16), then 32 codes of 4 bits; d · code + m.</summary>
internal readonly struct Q41 : IBlockLayout
{
    public static string Name => "Q4_1";

    public static int Values => 32;

    public static int Bytes => 20;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[4..]);
        var (scale, minimum) = (BlockKernels.Half(block), -BlockKernels.Half(block[2..]));
        BlockKernels.ScaleAbove16(low, scale, minimum, values);
        BlockKernels.ScaleAbove16(high, scale, minimum, values[16..]);
    }
}

/// <summary>Q5_0: d (binary16), 32 fifth bits, 32 codes of 4 bits; d · (code - 16).</summary>
internal readonly struct Q50 : IBlockLayout
{
    public static string Name => "Q5_0";

    public static int Values => 32;

    public static int Bytes => 22;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 4)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[6..]);
        var scale = BlockKernels.Half(block);
        BlockKernels.Scale16(low | BlockKernels.Bits(block[2], block[3], 16), 16, scale, values);
        BlockKernels.Scale16(high | BlockKernels.Bits(block[4], block[5], 16), 16, scale, values[16..]);
    }
}

/// <summary>Q5_1: d and m (binary16), 32 fifth bits, 32 codes of 4 bits; d · code + m.</summary>
internal readonly struct Q51 : IBlockLayout
{
    public static string Name => "Q5_1";

    public static int Values => 32;

    public static int Bytes => 24;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2), (4, 4)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (low, high) = BlockKernels.Halves(block[8..]);
        var (scale, minimum) = (BlockKernels.Half(block), -BlockKernels.Half(block[2..]));
        BlockKernels.ScaleAbove16(low | BlockKernels.Bits(block[4], block[5], 16), scale, minimum, values);
        BlockKernels.ScaleAbove16(high | BlockKernels.Bits(block[6], block[7], 16), scale, minimum, values[16..]);
    }
}

/// <summary>Q8_0: d (binary16), then 32 signed bytes; d · byte.</summary>
internal readonly struct Q80 : IBlockLayout
{
    public static string Name => "Q8_0";

    public static int Values => 32;

    public static int Bytes => 34;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values) =>
        BlockKernels.Scale(block.Slice(2, 32), 0, BlockKernels.Half(block), values);
}

/// <summary>Q8_1: d and the sum of the values (binary16), then 32 signed bytes; d · byte.</summary>
internal readonly struct Q81 : IBlockLayout
{
    public static string Name => "Q8_1";

    public static int Values => 32;

    public static int Bytes => 36;

    public static IReadOnlyList<(int Offset, int Size)> Words => [(0, 2), (2, 2)];

    public static void Decode(ReadOnlySpan<byte> block, Span<float> values) =>
        BlockKernels.Scale(block.Slice(4, 32), 0, BlockKernels.Half(block), values);
}
