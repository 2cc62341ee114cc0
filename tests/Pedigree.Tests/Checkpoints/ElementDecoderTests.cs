using System.Runtime.InteropServices;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public class ElementDecoderTests
{
    private static readonly ushort[] AllPatterns = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    public static TheoryData<ElementType> AllTypes => [.. Enum.GetValues<ElementType>()];

    [Fact]
    public void Every_half_decodes_as_the_runtime_converts_it()
    {
        var decoded = Decode(ElementType.F16, AllPatterns);

        for (var i = 0; i < decoded.Length; i++)
        {
            AssertSame((float)BitConverter.UInt16BitsToHalf((ushort)i), decoded[i], i);
        }
    }

    [Fact]
    public void Every_bfloat_is_the_upper_half_of_a_float()
    {
        var decoded = Decode(ElementType.BF16, AllPatterns);

        for (var i = 0; i < decoded.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(decoded[i]));
        }
    }

    [Fact]
    public void Every_E5M2_is_a_half_without_its_lower_byte()
    {
        var decoded = Decode(ElementType.F8E5M2, AllBytes());

        for (var i = 0; i < 256; i++)
        {
            AssertSame((float)BitConverter.UInt16BitsToHalf((ushort)(i << 8)), decoded[i], i);
        }
    }

    // Values from table 1 of the OCP 8-bit Floating Point Specification, and one normal number worked out by hand.
    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x80, -0f)]
    [InlineData(0x01, 1f / 512)]
    [InlineData(0x07, 7f / 512)]
    [InlineData(0x08, 1f / 64)]
    [InlineData(0x38, 1f)]
    [InlineData(0xBC, -1.5f)]
    [InlineData(0x7E, 448f)]
    [InlineData(0xFE, -448f)]
    [InlineData(0x7F, float.NaN)]
    [InlineData(0xFF, float.NaN)]
    public void E4M3_has_the_values_of_its_definition(byte code, float expected) =>
        AssertSame(expected, Decode(ElementType.F8E4M3, [code])[0], code);

    [Fact]
    public void Positive_E4M3_codes_ascend_and_negative_ones_mirror_them()
    {
        var decoded = Decode(ElementType.F8E4M3, AllBytes());

        for (var code = 1; code < 0x7F; code++)
        {
            Assert.True(decoded[code] > decoded[code - 1]);
            Assert.Equal(-decoded[code], decoded[code + 128]);
        }
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Vectors_agree_with_single_elements_at_every_length(ElementType type)
    {
        var bytes = new byte[70 * type.Size()];
        new Random(11).NextBytes(bytes);
        for (var count = 0; count <= 70; count++)
        {
            var source = bytes.AsSpan(bytes.Length - (count * type.Size()));
            var fast = new float[count];
            var slow = new float[count];
            ElementDecoder.Decode(type, source, fast);
            ElementDecoder.DecodeScalar(type, source, slow);
            for (var i = 0; i < count; i++)
            {
                AssertSame(slow[i], fast[i], i);
            }
        }
    }

    [Fact]
    public void Integers_round_to_the_nearest_float()
    {
        // One above the middle of two floats, too little for a double to see: a detour over doubles would round down.
        const long wide = (1L << 60) + (1L << 36) + 1;
        const float rounded = (1L << 60) + (1L << 37);

        Assert.Equal([rounded, -rounded, long.MinValue, 0], Decode<long>(ElementType.I64, [wide, -wide, long.MinValue, 0]));
        Assert.Equal([rounded, ulong.MaxValue], Decode<ulong>(ElementType.U64, [(ulong)wide, ulong.MaxValue]));
        Assert.Equal([-1, 16777216, int.MaxValue], Decode(ElementType.I32, [-1, 16777217, int.MaxValue]));
        Assert.Equal([uint.MaxValue, 7], Decode<uint>(ElementType.U32, [uint.MaxValue, 7]));
        Assert.Equal([short.MinValue, 5], Decode<short>(ElementType.I16, [short.MinValue, 5]));
        Assert.Equal([ushort.MaxValue], Decode<ushort>(ElementType.U16, [ushort.MaxValue]));
        Assert.Equal([-128, 127], Decode<sbyte>(ElementType.I8, [-128, 127]));
        Assert.Equal([255, 0], Decode<byte>(ElementType.U8, [255, 0]));
        Assert.Equal([0, 1, 1], Decode<byte>(ElementType.Bool, [0, 1, 2]));
    }

    [Fact]
    public void Doubles_round_to_the_nearest_float() =>
        Assert.Equal([0.1f, float.PositiveInfinity, 0f, float.NaN], Decode(ElementType.F64, [0.1, 1e300, 1e-300, double.NaN]));

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_wrong_number_of_bytes_is_refused(ElementType type) =>
        Assert.Throws<ArgumentException>(() => ElementDecoder.Decode(type, new byte[(3 * type.Size()) + 1], new float[3]));

    private static byte[] AllBytes() => [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    // Tests run on little-endian machines, whose memory is the stored form.
    private static float[] Decode<T>(ElementType type, T[] elements)
        where T : unmanaged
    {
        var destination = new float[elements.Length];
        ElementDecoder.Decode(type, MemoryMarshal.AsBytes(elements.AsSpan()), destination);
        return destination;
    }

    private static void AssertSame(float expected, float actual, int index)
    {
        var same = float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(actual);
        Assert.True(same, $"at {index}: expected {expected}, got {actual}");
    }
}
