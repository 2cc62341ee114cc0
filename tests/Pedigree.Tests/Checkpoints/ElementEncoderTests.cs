using CsCheck;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public class ElementEncoderTests
{
    public static TheoryData<ElementType> FloatingTypes => [.. Enum.GetValues<ElementType>().Where(type => type.IsFloating())];

    [Theory]
    [InlineData(ElementType.F16, 65536)]
    [InlineData(ElementType.BF16, 65536)]
    [InlineData(ElementType.F8E4M3, 256)]
    [InlineData(ElementType.F8E5M2, 256)]
    [InlineData(ElementType.F8E8M0, 256)]
    public void Every_pattern_survives_a_round_trip(ElementType type, int patterns)
    {
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            byte[] stored = type.Size() == 1 ? [(byte)pattern] : BitConverter.GetBytes((ushort)pattern);
            var value = Decode(type, stored);
            var again = Encode(type, value);
            if (float.IsNaN(value))
            {
                Assert.True(float.IsNaN(Decode(type, again)), $"pattern {pattern:X}");
            }
            else
            {
                Assert.Equal(stored, again);
            }
        }
    }

    [Theory]
    [InlineData(ElementType.F32)]
    [InlineData(ElementType.F64)]
    public void Wide_types_keep_every_float(ElementType type) =>
        Gen.Float.Sample(value => Decode(type, Encode(type, value)).Equals(value));

    [Theory]
    [InlineData(1.49f, 127)]
    [InlineData(1.5f, 128)]
    [InlineData(3f, 128)]
    [InlineData(3.01f, 129)]
    [InlineData(1e-45f, 0)]
    [InlineData(2.55e38f, 254)]
    [InlineData(2.56e38f, 255)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(0f, 255)]
    [InlineData(-1f, 255)]
    public void Powers_of_two_round_to_the_nearest(float value, byte code) => Assert.Equal([code], Encode(ElementType.F8E8M0, value));

    // The yardstick looks at every finite value of the type, so it shares no code with the encoder.
    [Theory]
    [InlineData(ElementType.F16, 65536)]
    [InlineData(ElementType.BF16, 65536)]
    [InlineData(ElementType.F8E4M3, 256)]
    [InlineData(ElementType.F8E5M2, 256)]
    public void Rounding_goes_to_the_nearest_and_to_the_even_code_in_a_tie(ElementType type, int patterns)
    {
        var finite = new List<(double Value, int Code)>();
        for (var pattern = 0; pattern < patterns / 2; pattern++)
        {
            var value = Decode(type, type.Size() == 1 ? [(byte)pattern] : BitConverter.GetBytes((ushort)pattern));
            if (float.IsFinite(value))
            {
                finite.Add((value, pattern));
            }
        }

        var values = finite.ConvertAll(pair => pair.Value);
        var random = new Random(5);
        for (var trial = 0; trial < 20_000; trial++)
        {
            var at = random.Next(values.Count - 1);
            var fraction = (trial % 4) switch { 0 => 0.5, 1 => 0.5 + 1e-4, 2 => 0.5 - 1e-4, _ => random.NextDouble() };
            var value = (float)(values[at] + (fraction * (values[at + 1] - values[at])));
            var (toBelow, toAbove) = (value - values[at], values[at + 1] - value);
            var expected = toBelow < toAbove || (toBelow == toAbove && finite[at].Code % 2 == 0) ? finite[at].Code : finite[at + 1].Code;

            var positive = Encode(type, value);
            var negative = Encode(type, -value);

            Assert.Equal(expected, type.Size() == 1 ? positive[0] : BitConverter.ToUInt16(positive));
            positive[^1] |= 0x80;
            Assert.Equal(positive, negative);
        }
    }

    [Theory]
    [InlineData(ElementType.F8E4M3, 464f, 0x7E)]
    [InlineData(ElementType.F8E4M3, 464.1f, 0x7F)]
    [InlineData(ElementType.F8E4M3, float.PositiveInfinity, 0x7F)]
    [InlineData(ElementType.F8E4M3, float.NegativeInfinity, 0xFF)]
    [InlineData(ElementType.F8E5M2, 61439f, 0x7B)]
    [InlineData(ElementType.F8E5M2, 61440f, 0x7C)]
    [InlineData(ElementType.F8E5M2, float.MinValue, 0xFC)]
    public void What_is_too_large_becomes_infinity_or_NaN(ElementType type, float value, byte expected) =>
        Assert.Equal(expected, Encode(type, value)[0]);

    [Fact]
    public void A_NaN_with_only_low_bits_stays_a_NaN_as_bfloat() =>
        Assert.True(float.IsNaN(Decode(ElementType.BF16, Encode(ElementType.BF16, BitConverter.UInt32BitsToSingle(0x7F800001)))));

    [Fact]
    public void The_largest_float_becomes_infinity_as_bfloat() =>
        Assert.Equal(float.PositiveInfinity, Decode(ElementType.BF16, Encode(ElementType.BF16, float.MaxValue)));

    [Theory]
    [MemberData(nameof(FloatingTypes))]
    public void A_wrong_number_of_bytes_is_refused(ElementType type) =>
        Assert.Throws<ArgumentException>(() => ElementEncoder.Encode(type, new float[2], new byte[type.Size()]));

    [Fact]
    public void Integers_are_refused() =>
        Assert.Throws<ArgumentException>(() => ElementEncoder.Encode(ElementType.I32, new float[1], new byte[4]));

    private static byte[] Encode(ElementType type, float value)
    {
        var bytes = new byte[type.Size()];
        ElementEncoder.Encode(type, [value], bytes);
        return bytes;
    }

    private static float Decode(ElementType type, ReadOnlySpan<byte> bytes)
    {
        Span<float> value = stackalloc float[1];
        ElementDecoder.Decode(type, bytes, value);
        return value[0];
    }
}
