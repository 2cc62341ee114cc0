using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class KernelAgreementTests
{
    [Fact]
    public void Percentiles_of_unrelated_units_are_uniform()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var percentiles = new double[100];
        var means = new double[percentiles.Length];
        for (var i = 0; i < percentiles.Length; i++)
        {
            var agreement = KernelAgreement.Of([Pair(ref random, 12, 6, 0), Pair(ref random, 12, 6, 0)], random.NextUInt64(), 2);
            (percentiles[i], means[i]) = (agreement.Percentile!.Value, agreement.Mean!.Value);
        }

        // Uniform: mean 1/2 with standard error 0.0289; a tenth at each end with standard error 0.03. Bounds at more than five of them.
        Assert.InRange(percentiles.Average(), 0.35, 0.65);
        Assert.InRange(percentiles.Average(value => value <= 0.1 ? 1.0 : 0), 0, 0.27);
        Assert.InRange(percentiles.Average(value => value >= 0.9 ? 1.0 : 0), 0, 0.27);

        // Without bias: a biased alignment of 12 units in 6 dimensions would be near 0.4.
        Assert.InRange(means.Average(), -0.1, 0.1);
    }

    [Fact]
    public void Planted_agreement_is_seen_and_grows_with_the_cosine()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var half = KernelAgreement.Of([Pair(ref random, 64, 200, 0.5)], 1, 2);
        var most = KernelAgreement.Of([Pair(ref random, 64, 200, 0.9)], 1, 2);

        // With rows at cosine c the inner products of rows correlate at c².
        Assert.Equal(0.25, half.Mean!.Value, 0.15);
        Assert.Equal(0.81, most.Mean!.Value, 0.1);
        Assert.Equal((1.0, 1.0), (half.Percentile!.Value, most.Percentile!.Value));
    }

    [Fact]
    public void What_does_not_vary_gives_nothing()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var constant = CentredGram.Of([.. Enumerable.Repeat(1f, 48)], 4);
        var other = CentredGram.Of(PlantedUnits.Gaussian(ref random, 48), 4);

        var none = KernelAgreement.Of([(constant, other)], 1, 2);
        var one = KernelAgreement.Of([(constant, other), (other, other)], 1, 2);

        Assert.Equal((null, null, null), (none.Mean, none.Percentile, none.Spread));
        Assert.Null(one.Groups[0]);
        Assert.Equal(1, one.Mean!.Value, 1e-12);
        Assert.Null(KernelAgreement.Of([], 1, 2).Mean);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var groups = new[] { Pair(ref random, 20, 7, 0.3), Pair(ref random, 20, 7, 0.3) };

        var (one, two) = (KernelAgreement.Of(groups, 5, 1), KernelAgreement.Of(groups, 5, 2));

        Assert.Equal((one.Mean, one.Percentile, one.Spread), (two.Mean, two.Percentile, two.Spread));
    }

    private static (CentredGram, CentredGram) Pair(ref CounterRandom random, int units, int columns, double cosine)
    {
        var reference = PlantedUnits.Gaussian(ref random, units * columns);
        return (CentredGram.Of(reference, columns), CentredGram.Of(PlantedUnits.Mixed(ref random, reference, cosine), columns));
    }
}
