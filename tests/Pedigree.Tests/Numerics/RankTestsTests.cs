using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class RankTestsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(80)]
    public void P_values_are_uniform_when_the_order_is_random(int count)
    {
        const ulong Seed = 31;
        const int Draws = 8000;
        output.WriteLine($"seed {Seed}, stream {count}");
        var random = new CounterRandom(Seed, (ulong)count);
        var (trend, serial) = (new double[Draws], new double[Draws]);
        for (var draw = 0; draw < Draws; draw++)
        {
            double[] values = [.. random.Permutation(count).Select(value => (double)value)];
            trend[draw] = Math.Pow(10, RankTests.Log10SpearmanTrend(values));
            serial[draw] = Math.Pow(10, RankTests.Log10SerialDependence(values));
        }

        foreach (var values in new[] { trend, serial })
        {
            foreach (var level in new[] { 0.5, 0.1, 0.05, 0.01, 0.001 })
            {
                var rate = values.Count(p => p <= level) / (double)Draws;
                output.WriteLine($"n={count} level {level}: {rate}");
                var noise = 4 * Math.Sqrt(level * (1 - level) / Draws);

                // The normal approximation of few ranks is off by about a tenth of the level, and too cautious far out.
                Assert.InRange(rate, level <= 0.01 ? 0 : level * 0.85 - noise, level * 1.1 + noise);
            }
        }
    }

    [Fact]
    public void Von_Neumann_ratio_has_its_exact_mean_and_variance_over_all_orders()
    {
        double sum = 0, square = 0, count = 0;
        Visit([1, 2, 3, 4, 5, 6, 7], 0);
        Assert.Equal(5040, count);
        Assert.Equal(2, sum / count, 1e-12);
        Assert.Equal(RankTests.VonNeumannVariance(7), square / count - 4, 1e-12);

        void Visit(double[] values, int fixedCount)
        {
            if (fixedCount == values.Length)
            {
                var ratio = RankTests.VonNeumannRankRatio(values);
                (sum, square, count) = (sum + ratio, square + ratio * ratio, count + 1);
                return;
            }

            for (var i = fixedCount; i < values.Length; i++)
            {
                (values[i], values[fixedCount]) = (values[fixedCount], values[i]);
                Visit(values, fixedCount + 1);
                (values[i], values[fixedCount]) = (values[fixedCount], values[i]);
            }
        }
    }

    [Fact]
    public void Smooth_sequences_are_detected_and_alternating_ones_are_not()
    {
        double[] smooth = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i / 6.0))];
        double[] alternating = [.. Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? 1 : -1) * (100.0 + i))];
        Assert.True(RankTests.Log10SerialDependence(smooth) < -8);
        Assert.True(RankTests.Log10SerialDependence(alternating) > -0.01);
        double[] falling = [.. Enumerable.Range(0, 40).Select(i => -(double)i)];
        Assert.Equal(
            Math.Log10(2) + LogProbability.Log10UpperNormal(Math.Sqrt(39)), RankTests.Log10SpearmanTrend(falling), 1e-12);
        Assert.Equal(RankTests.Log10SpearmanTrend(falling), RankTests.Log10SpearmanTrend(falling, [.. falling.Reverse()]), 1e-12);
    }

    [Fact]
    public void What_cannot_be_computed_is_NaN()
    {
        double[][] bad = [[], [1, 2, 3, 4, 5, 6, 7, 8, 9], new double[20], [1, 2, 3, 4, 5, 6, 7, 8, 9, double.NaN]];
        foreach (var values in bad)
        {
            Assert.True(double.IsNaN(RankTests.Log10SpearmanTrend(values)));
            Assert.True(double.IsNaN(RankTests.Log10SerialDependence(values)));
        }
    }
}
