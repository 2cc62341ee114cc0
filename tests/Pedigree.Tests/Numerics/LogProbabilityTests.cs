using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

/// <summary>Reference values were computed with 40 decimal digits from erfc and the logarithm of the gamma function.</summary>
public class LogProbabilityTests
{
    [Theory]
    [InlineData(-10, -3.3092601213067223e-24)]
    [InlineData(-5, -1.2449121373882917e-7)]
    [InlineData(-1, -0.075026012957818023)]
    [InlineData(-0.001, -0.30068361702647339)]
    [InlineData(0, -0.3010299956639812)]
    [InlineData(0.5, -0.51069198926524077)]
    [InlineData(1, -0.7995455414919705)]
    [InlineData(2, -1.643016080140937)]
    [InlineData(2.4, -2.0863166714174044)]
    [InlineData(2.5, -2.2069318057953011)]
    [InlineData(2.6, -2.3315033780765245)]
    [InlineData(3, -2.8696990359293691)]
    [InlineData(5, -6.5426456723906545)]
    [InlineData(8, -15.206142551017155)]
    [InlineData(10, -23.118053405486076)]
    [InlineData(20, -88.560095343075592)]
    [InlineData(37, -299.24218117860992)]
    [InlineData(38, -315.53978970396251)]
    [InlineData(100, -2173.8715428690344)]
    [InlineData(1000, -217150.64004199439)]
    [InlineData(10000, -21714728.49425253)]
    public void Log10UpperNormal_is_accurate(double z, double expected) => AssertRelative(expected, LogProbability.Log10UpperNormal(z), 1e-12);

    [Theory]
    [InlineData(-8, 0.99999999999999938)]
    [InlineData(-1, 0.84134474606854295)]
    [InlineData(0.5, 0.3085375387259869)]
    [InlineData(1, 0.15865525393145705)]
    [InlineData(2.49, 0.0063871547649431732)]
    [InlineData(2.51, 0.0060365580804126633)]
    [InlineData(4, 3.1671241833119921e-5)]
    [InlineData(10, 7.6198530241605261e-24)]
    [InlineData(30, 4.9067139271481871e-198)]
    [InlineData(37, 5.7255712225245768e-300)]
    public void NormalSurvival_is_accurate(double z, double expected) => AssertRelative(expected, LogProbability.NormalSurvival(z), 1e-12);

    [Theory]
    [InlineData(1e-300, 37.047096299361199)]
    [InlineData(1e-100, 21.273453560965324)]
    [InlineData(1e-20, 9.2623400897984076)]
    [InlineData(1e-10, 6.3613409024040562)]
    [InlineData(0.001, 3.0902323061678135)]
    [InlineData(0.01, 2.3263478740408411)]
    [InlineData(0.025, 1.9599639845400542)]
    [InlineData(0.3, 0.52440051270804082)]
    [InlineData(0.4999, 0.00025066283008800749)]
    [InlineData(0.5, 0)]
    [InlineData(0.7, -0.52440051270804066)]
    [InlineData(0.999, -3.0902323061678133)]
    [InlineData(0.9999999999, -6.3613408896974219)]
    [InlineData(0.9999999999999999, -8.2095361516013869)]
    public void Quantile_is_accurate(double probability, double expected) =>
        Assert.Equal(expected, LogProbability.NormalQuantileOfSurvival(probability), 1e-12);

    [Fact]
    public void Quantile_inverts_the_tail_beyond_the_range_of_double()
    {
        for (var z = 0.01; z < 1e5; z *= 1.37)
        {
            AssertRelative(z, LogProbability.NormalQuantileOfLog10Survival(LogProbability.Log10UpperNormal(z)), 1e-12);
        }

        Assert.Equal(-3, LogProbability.NormalQuantileOfLog10Survival(LogProbability.Log10UpperNormal(-3)), 1e-12);
    }

    [Fact]
    public void Log10UpperNormal_decreases_across_the_seams_of_its_formulas()
    {
        var before = 1.0;
        for (var z = -10.0; z < 12; z += 1e-3)
        {
            var value = LogProbability.Log10UpperNormal(z);
            Assert.True(value < before, $"at {z}");
            before = value;
        }
    }

    [Fact]
    public void Limits_are_infinite_or_certain_and_NaN_stays_NaN()
    {
        Assert.Equal(double.NegativeInfinity, LogProbability.Log10UpperNormal(double.PositiveInfinity));
        Assert.Equal(0, LogProbability.Log10UpperNormal(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, LogProbability.NormalQuantileOfSurvival(0));
        Assert.Equal(double.NegativeInfinity, LogProbability.NormalQuantileOfSurvival(1));
        Assert.True(double.IsNaN(LogProbability.Log10UpperNormal(double.NaN)));
        Assert.True(double.IsNaN(LogProbability.NormalSurvival(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogProbability.NormalQuantileOfSurvival(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogProbability.NormalQuantileOfSurvival(1.1));
        Assert.Equal(0.24197072451914337, LogProbability.NormalDensity(-1), 1e-16);
    }

    [Theory]
    [InlineData(1e-10, 23.025850929882735)]
    [InlineData(0.1, 2.2527126517342059)]
    [InlineData(0.5, 0.57236494292470009)]
    [InlineData(1, 0)]
    [InlineData(1.5, -0.12078223763524522)]
    [InlineData(1.9999, -4.2275208772153458e-5)]
    [InlineData(2, 0)]
    [InlineData(3, 0.69314718055994531)]
    [InlineData(5, 3.1780538303479456)]
    [InlineData(14.999, 25.188546870546928)]
    [InlineData(15.001, 25.193895563868663)]
    [InlineData(100.5, 361.43554046777762)]
    [InlineData(1e6, 12815504.569147612)]
    [InlineData(1e15, 33538776394910669.0)]
    public void LogGamma_is_accurate(double x, double expected) =>
        Assert.Equal(expected, LogProbability.LogGamma(x), Math.Max(2e-14, 1e-14 * expected));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(5, 2.0791812460476248)]
    [InlineData(20, 18.386124616877715)]
    [InlineData(21, 19.708343911611634)]
    [InlineData(64, 89.103416897336679)]
    [InlineData(170, 306.86078199482832)]
    [InlineData(5000, 16325.626194338423)]
    [InlineData(1000000, 5565708.9171867185)]
    public void Log10Factorial_is_accurate(int n, double expected) => AssertRelative(expected, LogProbability.Log10Factorial(n), 1e-14);

    [Fact]
    public void Log10Add_adds_probabilities()
    {
        Assert.Equal(Math.Log10(0.3), LogProbability.Log10Add(Math.Log10(0.1), Math.Log10(0.2)), 1e-15);
        Assert.Equal(-1000 + Math.Log10(2), LogProbability.Log10Add(-1000, -1000), 1e-12);
        Assert.Equal(-7, LogProbability.Log10Add(double.NegativeInfinity, -7));
        Assert.Equal(double.NegativeInfinity, LogProbability.Log10Add(double.NegativeInfinity, double.NegativeInfinity));
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
