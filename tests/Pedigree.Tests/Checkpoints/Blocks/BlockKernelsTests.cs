using Pedigree.Checkpoints.Blocks;
using Pedigree.Checkpoints.Gguf;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Blocks;

public class BlockKernelsTests
{
    [Fact]
    public void Vector_code_gives_the_bits_of_its_scalar_twin()
    {
        var random = new Random(unchecked((int)PlantedUnits.FreshSeed()));
        for (var round = 0; round < 500; round++)
        {
            var source = new byte[random.Next(1, 70)];
            random.NextBytes(source);
            var shift = random.Next(8);
            var mask = (byte)random.Next(256);
            AssertTwins(source.Length, codes => BlockKernels.Cut(source, shift, mask, codes), codes => BlockKernels.CutScalar(source, shift, mask, codes));
            AssertTwins(source.Length, codes => BlockKernels.Add(source, shift, 3, 4, codes), codes => BlockKernels.AddScalar(source, shift, 3, 4, codes));
            AssertTwins(source.Length * 8, codes => BlockKernels.AddBits(source, mask, codes), codes => BlockKernels.AddBitsScalar(source, mask, codes));
            var codes = source.Select(value => (byte)(value & 15)).ToArray();
            var twin = codes.ToArray();
            BlockKernels.LookUp(Codebooks.NonLinear, codes);
            BlockKernels.LookUpScalar(Codebooks.NonLinear, twin);
            Assert.Equal(twin, codes);

            var scale = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
            var minimum = random.NextSingle();
            AssertTwins(source, values => BlockKernels.Scale(source, mask, scale, values), values => BlockKernels.ScaleScalar(source, mask, scale, values));
            var small = source.Select(value => (byte)(value & 127)).ToArray();
            AssertTwins(small, values => BlockKernels.ScaleAbove(small, scale, minimum, values), values => BlockKernels.ScaleAboveScalar(small, scale, minimum, values));
        }
    }

    [Fact]
    public void Every_pattern_of_bits_decodes_without_an_exception()
    {
        var random = new Random(unchecked((int)PlantedUnits.FreshSeed()));
        foreach (var type in Enumerable.Range(0, 64).Select(number => GgufType.Find((uint)number)).Where(type => type?.Blocks is not null))
        {
            var blocks = new byte[type!.Bytes * 50];
            random.NextBytes(blocks);
            var values = new float[type.Values * 50];
            type.Blocks!.Decode(blocks, values);
            Array.Fill(blocks, (byte)0xFF);
            type.Blocks.Decode(blocks, values);

            var swapped = blocks.ToArray();
            type.Blocks.SwapBytes(swapped);
            type.Blocks.SwapBytes(swapped);
            Assert.Equal(blocks, swapped);
        }
    }

    private delegate void Filling<T>(Span<T> destination);

    private static void AssertTwins(int length, Filling<byte> vector, Filling<byte> scalar)
    {
        var (one, two) = (new byte[length], new byte[length]);
        vector(one);
        scalar(two);
        Assert.Equal(two, one);
    }

    private static void AssertTwins(byte[] source, Filling<float> vector, Filling<float> scalar)
    {
        var (one, two) = (new float[source.Length], new float[source.Length]);
        vector(one);
        scalar(two);
        Assert.Equal(two.Select(BitConverter.SingleToUInt32Bits), one.Select(BitConverter.SingleToUInt32Bits));
    }
}
