using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class CounterRandomTests
{
    [Fact]
    public void Permutations_of_four_are_uniform()
    {
        var random = new CounterRandom(2024, 0);
        var counts = new Dictionary<int, int>();
        for (var draw = 0; draw < 24_000; draw++)
        {
            var p = random.Permutation(4);
            var code = p[0] * 64 + p[1] * 16 + p[2] * 4 + p[3];
            counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        // 0.0005 and 0.9995 quantiles of chi-square with 23 degrees of freedom.
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000), 6.9, 52.0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Integers_are_uniform(int range)
    {
        var random = new CounterRandom(5, (ulong)range);
        var counts = new int[range];
        const int PerBin = 200;
        for (var draw = 0; draw < PerBin * range; draw++)
        {
            counts[random.NextInt(range)]++;
        }

        var chiSquare = counts.Sum(count => (count - (double)PerBin) * (count - PerBin) / PerBin);
        var freedom = range - 1.0;
        Assert.InRange(chiSquare, 0, freedom + 5 * Math.Sqrt(2 * freedom) + 8);
    }

    [Fact]
    public void Doubles_and_gaussians_have_their_moments()
    {
        const int Draws = 200_000;
        var random = new CounterRandom(6, 0);
        double sum = 0, square = 0, mean = 0, variance = 0, fourth = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var uniform = random.NextDouble();
            Assert.InRange(uniform, 0, 1 - 1e-16);
            sum += uniform;
            square += uniform * uniform;
            var z = random.NextGaussian();
            mean += z;
            variance += z * z;
            fourth += z * z * z * z;
        }

        var error = 5 / Math.Sqrt(Draws);
        Assert.Equal(0.5, sum / Draws, 0.3 * error);
        Assert.Equal(1.0 / 3, square / Draws, 0.3 * error);
        Assert.Equal(0, mean / Draws, error);
        Assert.Equal(1, variance / Draws, 1.5 * error);
        Assert.Equal(3, fourth / Draws, 10 * error);
    }

    [Fact]
    public void A_stream_repeats_and_streams_and_seeds_differ()
    {
        Assert.Equal(First(1, 2), First(1, 2));
        Assert.Empty(First(1, 2).Intersect(First(1, 3)));
        Assert.Empty(First(1, 2).Intersect(First(2, 1)));
        Assert.NotEqual(CounterRandom.Mix(1, 2), CounterRandom.Mix(2, 1));

        static ulong[] First(ulong seed, ulong stream)
        {
            var random = new CounterRandom(seed, stream);
            return [.. Enumerable.Range(0, 100).Select(_ => random.NextUInt64())];
        }
    }

    [Fact]
    public void Neighbouring_streams_are_uncorrelated()
    {
        var agreement = 0;
        for (ulong stream = 0; stream < 2000; stream++)
        {
            agreement += System.Numerics.BitOperations.PopCount(
                new CounterRandom(9, stream).NextUInt64() ^ new CounterRandom(9, stream + 1).NextUInt64());
        }

        Assert.InRange(agreement, 64_000 - 5 * 179, 64_000 + 5 * 179);
    }

    [Fact]
    public void Bad_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(0, 0).NextInt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(0, 0).Permutation(-1));
    }
}
