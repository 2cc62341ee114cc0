using System.Buffers.Binary;
using Pedigree.Checkpoints.Gguf;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Blocks;

/// <summary>Every decoder against its definition, written down for one value at a time: what value i of a block is, from the bytes that hold it.</summary>
public class DefinitionTests
{
    private static readonly int[] Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    private static readonly int[] DoubledE2M1 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static TheoryData<string> Types => [.. Enumerable.Range(0, 64).Select(number => GgufType.Find((uint)number)).Where(type => type?.Blocks is not null).Select(type => type!.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Random_blocks_decode_to_what_the_definition_says(string name)
    {
        var random = new Random(unchecked((int)PlantedUnits.FreshSeed()));
        var type = Enumerable.Range(0, 64).Select(number => GgufType.Find((uint)number)).First(type => string.Equals(type?.Name, name, StringComparison.Ordinal))!;
        const int count = 200;
        var blocks = new byte[count * type.Bytes];
        random.NextBytes(blocks);
        var values = new float[count * type.Values];

        type.Blocks!.Decode(blocks, values);

        for (var at = 0; at < values.Length; at++)
        {
            var expected = Value(name, blocks.AsSpan(at / type.Values * type.Bytes, type.Bytes), at % type.Values);
            Assert.True(BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(values[at]) || (float.IsNaN(expected) && float.IsNaN(values[at])), $"{name}, value {at}: {values[at]} in place of {expected}");
        }
    }

    private static float Value(string name, ReadOnlySpan<byte> block, int i) => name switch
    {
        "Q4_0" => (Nibble(block[2..], i, 16) - 8) * Half(block),
        "Q4_1" => (Nibble(block[4..], i, 16) * Half(block)) + Half(block[2..]),
        "Q5_0" => ((Nibble(block[6..], i, 16) | (Bit(block[2..], i) << 4)) - 16) * Half(block),
        "Q5_1" => ((Nibble(block[8..], i, 16) | (Bit(block[4..], i) << 4)) * Half(block)) + Half(block[2..]),
        "Q8_0" => unchecked((sbyte)block[2 + i]) * Half(block),
        "Q8_1" => unchecked((sbyte)block[4 + i]) * Half(block),
        "Q8_K" => unchecked((sbyte)block[4 + i]) * BinaryPrimitives.ReadSingleLittleEndian(block),
        "Q2_K" => (Pair(block[16..], i) * (Half(block[80..]) * (block[i / 16] & 15))) - (Half(block[82..]) * (block[i / 16] >> 4)),
        "Q3_K" => (Pair(block[32..], i) - (((block[i % 32] >> (i / 32)) & 1) == 1 ? 0 : 4)) * (Half(block[108..]) * (ThirdScale(block[96..], i / 16) - 32)),
        "Q4_K" => Six(block, i, Nibble(block[(16 + (32 * (i / 64)))..], i % 64, 32)),
        "Q5_K" => Six(block, i, Nibble(block[(48 + (32 * (i / 64)))..], i % 64, 32) | (((block[16 + (i % 32)] >> (i / 32)) & 1) << 4)),
        "Q6_K" => SixthValue(block, i),
        "IQ4_NL" => Levels[Nibble(block[2..], i, 16)] * Half(block),
        "IQ4_XS" => Levels[Nibble(block[(8 + (16 * (i / 32)))..], i % 32, 16)] * (Half(block) * (CrossScale(block, i / 32) - 32)),
        "TQ1_0" => (Digit(block, i) - 1) * Half(block[52..]),
        "TQ2_0" => (Pair(block, i) - 1) * Half(block[64..]),
        "MXFP4" => DoubledE2M1[Nibble(block[1..], i, 16)] * MathF.ScaleB(1, block[0] - 128),
        "NVFP4" => DoubledE2M1[Nibble(block[(4 + (8 * (i / 16)))..], i % 16, 8)] * Unsigned(block[i / 16]),
        "Q1_0" => (Bit(block[2..], i) == 1 ? 1 : -1) * Half(block),
        "Q2_0" => (((block[2 + (i / 4)] >> (2 * (i % 4))) & 3) - 1) * Half(block),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no definition"),
    };

    private static float Half(ReadOnlySpan<byte> at) => (float)BinaryPrimitives.ReadHalfLittleEndian(at);

    private static int Bit(ReadOnlySpan<byte> bits, int i) => (bits[i / 8] >> (i % 8)) & 1;

    // Low halves of some bytes, then their high halves.
    private static int Nibble(ReadOnlySpan<byte> codes, int i, int bytes) => (codes[i % bytes] >> (4 * (i / bytes))) & 15;

    // Four runs of 32 share 32 bytes, two bits each.
    private static int Pair(ReadOnlySpan<byte> codes, int i) => (codes[(32 * (i / 128)) + (i % 32)] >> (2 * (i / 32 % 4))) & 3;

    private static int ThirdScale(ReadOnlySpan<byte> packed, int group) =>
        ((packed[group % 8] >> (4 * (group / 8))) & 15) | (((packed[8 + (group % 4)] >> (2 * (group / 4))) & 3) << 4);

    private static float Six(ReadOnlySpan<byte> block, int i, int code)
    {
        var packed = block[4..];
        var run = i / 32;
        var (scale, minimum) = run < 4 ? (packed[run] & 63, packed[run + 4] & 63)
            : ((packed[run + 4] & 15) | ((packed[run - 4] >> 6) << 4), (packed[run + 4] >> 4) | ((packed[run] >> 6) << 4));
        return (code * (Half(block) * scale)) - (Half(block[2..]) * minimum);
    }

    private static float SixthValue(ReadOnlySpan<byte> block, int i)
    {
        var (half, run, at) = (i / 128, i / 32 % 4, i % 32);
        var low = (block[(64 * half) + (32 * (run % 2)) + at] >> (4 * (run / 2))) & 15;
        var high = (block[128 + (32 * half) + at] >> (2 * run)) & 3;
        return ((low | (high << 4)) - 32) * (Half(block[208..]) * unchecked((sbyte)block[192 + (i / 16)]));
    }

    private static int CrossScale(ReadOnlySpan<byte> block, int run) =>
        ((block[4 + (run / 2)] >> (4 * (run % 2))) & 15) | (((BinaryPrimitives.ReadUInt16LittleEndian(block[2..]) >> (2 * run)) & 3) << 4);

    private static int Digit(ReadOnlySpan<byte> block, int i)
    {
        var (code, digit) = i < 160 ? (block[i % 32], i / 32) : i < 240 ? (block[32 + (i % 16)], (i - 160) / 16) : (block[48 + (i % 4)], (i - 240) / 4);
        for (; digit > 0; digit--)
        {
            code = (byte)((code * 3) & 0xFF);
        }

        return code * 3 >> 8;
    }

    private static float Unsigned(byte code) =>
        (code & 0x7F) == 0x7F ? 0 : ((code >> 3) & 15) == 0 ? MathF.ScaleB(code & 7, -10) : MathF.ScaleB(8 + (code & 7), ((code >> 3) & 15) - 11);
}
