using Pedigree.Checkpoints.Gguf;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Blocks;

/// <summary>Blocks written down by hand from the layouts in ggml-common.h of ggml, with the values that their definition gives.</summary>
public class ByHandTests
{
    // Binary16: 3C00 is 1, 4000 is 2, 3800 is 0.5, C000 is -2. Bytes that are not set are 0. Each block: type number, bytes to set, values to expect.
    public static TheoryData<uint, string, (int At, byte Value)[], (int Index, float Value)[]> Blocks => new()
    {
        // d = 2; byte 0 holds codes 15 (value 0) and 1 (value 16).
        { 2, "Q4_0", [(1, 0x40), (2, 0x1F)], [(0, 14), (16, -14), (1, -16), (31, -16)] },
        // d = 2, m = 0.5; byte 15 holds codes 3 (value 15) and 10 (value 31).
        { 3, "Q4_1", [(1, 0x40), (3, 0x38), (19, 0xA3)], [(0, 0.5f), (15, 6.5f), (31, 20.5f)] },
        // d = 1; fifth bits of values 0, 17 and 31; low halves 2 (value 0) and 5 (value 17).
        { 6, "Q5_0", [(1, 0x3C), (2, 1), (4, 2), (5, 0x80), (6, 0x02), (7, 0x50)], [(0, 2), (1, -16), (17, 5), (31, 0), (30, -16)] },
        // d = 1, m = -2; fifth bit of value 8; code 7 there.
        { 7, "Q5_1", [(1, 0x3C), (3, 0xC0), (5, 1), (16, 0x07)], [(8, 21), (9, -2), (24, -2)] },
        // d = 0.5; bytes 127 and -128.
        { 8, "Q8_0", [(1, 0x38), (2, 127), (33, 128)], [(0, 63.5f), (31, -64), (1, 0)] },
        // d = 0.5; the sum is not read.
        { 9, "Q8_1", [(1, 0x38), (2, 0xFF), (3, 0x7F), (4, 3), (35, 0xFE)], [(0, 1.5f), (31, -1)] },
        // d = 2, dmin = 0.5. Group 9 (values 144 to 159) has scale 3 and minimum 5: bytes 48 to 63 of the codes at bits 0 and 1.
        { 10, "Q2_K", [(9, 0x53), (64, 0b0000_0010), (81, 0x40), (83, 0x38)], [(144, 9.5f), (145, -2.5f), (128, 0), (160, 0)] },
        // d = 1. Scale 12 has low bits 1 in the upper half of byte 4 and high bits 2 in bits 6 and 7 of byte 8: 33 - 32 = 1; the others are -32.
        // Value 192 has code 2 at bits 4 and 5 of byte 32 + 32, and its third bit in bit 6 of byte 0: 6 - 4 = 2. Value 193 has neither: -4.
        { 11, "Q3_K", [(0, 0x40), (64, 0x20), (100, 0x10), (104, 0x80), (109, 0x3C)], [(192, 2), (193, -4), (0, 128)] },
        // d = 1, dmin = 2. Run 1: scale 5 (byte 5), minimum 3 (byte 9). Run 6: scale 0x21 (low half of byte 14, bits 6 and 7 of byte 6), minimum 0x12.
        // Code 9 for value 32 (upper half of byte 16) and 4 for value 192 (low half of byte 16 + 96).
        { 12, "Q4_K", [(1, 0x3C), (3, 0x40), (5, 5), (9, 3), (6, 0x80), (10, 0x40), (14, 0x21), (16, 0x90), (112, 0x04)], [(32, 39), (33, -6), (192, 96), (193, -36), (0, 0)] },
        // As Q4_K; the fifth bit of value 32 is bit 1 of byte 16.
        { 13, "Q5_K", [(1, 0x3C), (3, 0x40), (5, 5), (9, 3), (16, 2), (48, 0x90)], [(32, 119), (33, -6), (0, 0)] },
        // d = 0.5. Value 224: low bits 13 in the upper half of byte 64 + 32, upper bits 2 in bits 6 and 7 of byte 160, scale -3 in byte 192 + 14.
        { 14, "Q6_K", [(96, 0xD0), (160, 0x80), (206, 0xFD), (209, 0x38)], [(224, -19.5f), (225, 48), (240, 0)] },
        // d = -1 (binary32 BF800000).
        { 15, "Q8_K", [(2, 0x80), (3, 0xBF), (4, 100), (259, 0xFF)], [(0, -100), (255, 1)] },
        // d = 1; codes 0 (value 0), 15 (value 16), 8 everywhere else would be 1, code 0 is -127.
        { 20, "IQ4_NL", [(1, 0x3C), (2, 0xF0), (3, 0x88)], [(0, -127), (16, 113), (1, 1), (17, 1), (2, -127)] },
        // d = 1. Run 3: low bits 2 in the upper half of byte 5, upper bits 2 in bits 6 and 7 of byte 2: 34 - 32 = 2. Code 9 (level 13) for value 96.
        { 23, "IQ4_XS", [(1, 0x3C), (2, 0x80), (5, 0x20), (56, 0x09)], [(96, 26), (97, -254), (0, 4064)] },
        // d = 2. 0xAB = 171: 171 · 3 / 256 is 2, the first digit; 171 · 3 modulo 256 is 1, so the others are 0.
        { 34, "TQ1_0", [(0, 0xAB), (48, 0xAB), (53, 0x40)], [(0, 2), (32, -2), (1, -2), (240, 2), (244, -2)] },
        // d = 2. Bits 4 and 5 of byte 33: value 128 + 64 + 1.
        { 35, "TQ2_0", [(33, 0x20), (65, 0x40)], [(193, 2), (192, -2), (129, -2)] },
        // Exponent 129: 4. Codes 7 (6) and 10 (-1).
        { 39, "MXFP4", [(0, 129), (1, 0xA7)], [(0, 24), (16, -4), (1, 0)] },
        // Scales 0x38 (1) and 0x41 (2.25); codes 5 (3) and 15 (-6) in the second run.
        { 40, "NVFP4", [(0, 0x38), (1, 0x41), (4, 0x02), (12, 0xF5)], [(0, 1), (16, 6.75f), (24, -13.5f)] },
        { 41, "Q1_0", [(1, 0x40), (3, 0x02)], [(9, 2), (8, -2), (127, -2)] },
        { 42, "Q2_0", [(1, 0x40), (3, 0xE4)], [(4, -2), (5, 0), (6, 2), (7, 4)] },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_gives_the_values_that_its_definition_says(uint number, string name, (int At, byte Value)[] bytes, (int Index, float Value)[] expected)
    {
        var type = GgufType.Find(number)!;
        var block = new byte[type.Bytes];
        foreach (var (at, value) in bytes)
        {
            block[at] = value;
        }

        var values = new float[type.Values];
        type.Blocks!.Decode(block, values);

        Assert.Equal(name, type.Name);
        foreach (var (index, value) in expected)
        {
            Assert.Equal(value, values[index]);
        }
    }
}
