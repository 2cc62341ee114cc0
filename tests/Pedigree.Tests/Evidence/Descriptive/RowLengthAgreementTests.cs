using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public sealed class RowLengthAgreementTests
{
    [Fact]
    public void A_common_start_alone_is_not_taken_for_shared_training()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 4);
        const int width = 64;
        const int neurons = 400;
        var layers = new List<(double, double)[]>();
        for (var layer = 0; layer < 4; layer++)
        {
            var pairs = new (double, double)[neurons];
            for (var i = 0; i < neurons; i++)
            {
                double start = 0, one = 0, two = 0;
                for (var c = 0; c < width; c++)
                {
                    var value = random.NextGaussian();
                    start += value * value;
                    // Each model moves on from the common start in a direction of its own, by different amounts for different neurons.
                    one += Math.Pow(value + (0.5 * random.NextGaussian()), 2);
                    two += Math.Pow(value + (0.5 * random.NextGaussian()), 2);
                }

                pairs[i] = (0.5 * Math.Log(one), 0.5 * Math.Log(two));
                Assert.True(start > 0);
            }

            layers.Add(pairs);
        }

        var agreement = RowLengthAgreement.Of(layers, 1 / (2.0 * width))!;
        Assert.True(agreement.Correlation > 0.3);
        Assert.False(agreement.SharedTraining);
    }

    [Fact]
    public void Lengths_that_training_made_unequal_and_both_models_share_show_it()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 5);
        var pairs = Enumerable.Range(0, 600).Select(_ => 0.25 * random.NextGaussian()).Select(length => (length + 0.1, length)).ToArray();
        var agreement = RowLengthAgreement.Of([pairs], 1.0 / 256)!;
        Assert.Equal(1, agreement.Correlation, 1e-9);
        Assert.True(agreement.SharedTraining);
    }

    [Fact]
    public void Nothing_to_measure_gives_none()
    {
        Assert.Null(RowLengthAgreement.Of([], 0.01));
        Assert.Null(RowLengthAgreement.Of([[(1, 1)]], 0.01));
        Assert.Null(RowLengthAgreement.Of([[(1, 1), (1, 2)]], 0.01));
        Assert.Null(RowLengthAgreement.Of([[(double.NaN, 1), (1, 2)]], 0.01));
    }
}
