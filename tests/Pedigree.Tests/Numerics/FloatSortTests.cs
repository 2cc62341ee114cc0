using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class FloatSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(30_011)]
    public void Sorts_as_comparing_does(int count)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), (ulong)count);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            // All magnitudes, subnormal ones too, and many equal values.
            values[i] = i % 7 == 0 ? i % 3 : (float)(random.NextGaussian() * Math.Pow(10, random.NextInt(84) - 44));
        }

        values.AsSpan(0, Math.Min(count, 4)).Clear();
        values.AsSpan(count / 2, Math.Min(count - (count / 2), 2)).Fill(float.NegativeInfinity);
        float[] expected = [.. values.OrderDescending()];
        FloatSort.Descending(values);
        Assert.Equal(expected, values);
    }
}
