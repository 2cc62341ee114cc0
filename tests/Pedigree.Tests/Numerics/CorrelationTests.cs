using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class CorrelationTests
{
    [Fact]
    public void Pearson_matches_hand_computed_values()
    {
        Assert.Equal(1, Correlation.Pearson([1, 2, 3], [10, 20, 30]), 1e-15);
        Assert.Equal(-1, Correlation.Pearson([1, 2, 3], [3, 2, 1]), 1e-15);

        // Deviations (-2, -1, 0, 1, 2) and (-1.2, -2.2, 0.8, -0.2, 2.8): products 7.4 + 0, squares 10 and 14.8.
        Assert.Equal(10 / Math.Sqrt(10 * 14.8), Correlation.Pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 6]), 1e-15);
    }

    [Theory]
    [InlineData(1e-300, 0)]
    [InlineData(1e300, 0)]
    [InlineData(1, 1e9)]
    public void Pearson_survives_scale_and_offset(double scale, double offset)
    {
        double[] x = [.. new[] { 1.0, 2, 3, 4, 5 }.Select(value => value * scale + offset)];
        Assert.Equal(10 / Math.Sqrt(10 * 14.8), Correlation.Pearson(x, [2, 1, 4, 3, 6]), 1e-14);
    }

    [Fact]
    public void Spearman_uses_average_ranks()
    {
        var ranks = new double[5];
        Assert.True(Correlation.TryRank([7, 1, 7, double.NegativeInfinity, 7], ranks));
        Assert.Equal([4, 2, 4, 1, 4], ranks);
        Assert.Equal(1, Correlation.Spearman([1, 10, 100, 1000], [-5, -4, 0, double.PositiveInfinity]), 1e-15);
        Assert.Equal(
            Correlation.Pearson([1, 2.5, 2.5, 4], [3, 1, 3, 3]),
            Correlation.Spearman([1, 2, 2, 3], [9, 8, 9, 9]), 1e-15);
    }

    [Fact]
    public void What_cannot_be_computed_is_NaN()
    {
        double[][] bad = [[0.1, 0.1, 0.1], [1, double.NaN, 2]];
        foreach (var values in bad)
        {
            Assert.True(double.IsNaN(Correlation.Pearson(values, [1, 2, 3])));
            Assert.True(double.IsNaN(Correlation.Pearson([1, 2, 3], values)));
            Assert.True(double.IsNaN(Correlation.Spearman(values, [1, 2, 3])));
            Assert.True(double.IsNaN(Correlation.Spearman([1, 2, 3], values)));
        }

        Assert.True(double.IsNaN(Correlation.Pearson([1, 2, double.PositiveInfinity], [1, 2, 3])));
        Assert.True(double.IsNaN(Correlation.Pearson([1], [1])));
        Assert.True(double.IsNaN(Correlation.Spearman([], [])));
        Assert.Throws<ArgumentException>(() => Correlation.Pearson([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => Correlation.Spearman([1], [1, 2]));
    }
}
