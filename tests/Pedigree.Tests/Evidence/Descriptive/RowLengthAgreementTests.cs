using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
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
        var layers = new List<UnitLengths[]>();
        for (var layer = 0; layer < 4; layer++)
        {
            var pairs = new UnitLengths[neurons];
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

                pairs[i] = new(0.5 * Math.Log(one), 0, 0.5 * Math.Log(two), 0);
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
        var pairs = Enumerable.Range(0, 600).Select(_ => 0.25 * random.NextGaussian()).Select(length => new UnitLengths(length + 0.1, 0, length, 0)).ToArray();
        var agreement = RowLengthAgreement.Of([pairs], 1.0 / 256)!;
        Assert.Equal(1, agreement.Correlation, 1e-9);
        Assert.True(agreement.SharedTraining);
    }

    // Rows that moved far from a start of 48 values: what the start could explain covers what training shares, and only lengths across projections tell.
    [Theory]
    [InlineData(0.06, true)]
    [InlineData(0, false)]
    public void Projections_of_one_neuron_that_are_long_together_in_both_models_show_training(double trained, bool shown)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 6);
        const double start = 1 / (2.0 * 48);
        var neurons = Enumerable.Range(0, 1500).Select(_ =>
        {
            var (first, others, common) = (Start(1), Start(2), trained * random.NextGaussian());
            return new UnitLengths(first + common + Own(), others + common + Own(), first + common + Own(), others + common + Own());
        }).ToArray();
        var agreement = RowLengthAgreement.Of([neurons], 3 * start)!;
        Assert.False(agreement.ByLength);
        Assert.Equal(shown, agreement.SharedTraining);
        // Rows that are closer than their lengths allow were not trained together.
        Assert.False(RowLengthAgreement.Of([neurons], 3 * start, 0.9)!.SharedTraining);
        Assert.Equal(shown, RowLengthAgreement.Of([neurons], 3 * start, 0.5)!.SharedTraining);

        double Start(int views) => 0.6 * Math.Sqrt(views * start) * random.NextGaussian();
        double Own() => 0.1 * random.NextGaussian();
    }

    // 600 neurons whose lengths correlate as given, rows at the cosine given. Shared training at cosine c would make them correlate c².
    [Theory]
    [InlineData(0.02, 0.6, true)]
    [InlineData(0.14, 0.4, false)]
    [InlineData(0.02, 0.2, false)]
    public void Training_apart_is_shown_only_where_shared_training_would_have_been_seen(double correlation, double cosine, bool apart)
    {
        double One(int i) => 0.2 * Math.Sqrt(2) * Math.Sin(2 * Math.PI * i / 600);
        double Other(int i) => 0.2 * Math.Sqrt(2) * Math.Cos(2 * Math.PI * i / 600);
        UnitLengths[] neurons = [.. Enumerable.Range(0, 600).Select(i => new UnitLengths((correlation * One(i)) + (Math.Sqrt(1 - (correlation * correlation)) * Other(i)), 0, One(i), 0))];
        var agreement = RowLengthAgreement.Of([neurons], 1 / 192.0, cosine)!;
        Assert.Equal(correlation, agreement.Correlation, 1e-9);
        Assert.False(agreement.SharedTraining);
        Assert.Equal(apart, agreement.TrainedApart);
        Assert.False(RowLengthAgreement.Of([neurons], 1 / 192.0)!.TrainedApart);
    }

    [Fact]
    public void Nothing_to_measure_gives_none()
    {
        Assert.Null(RowLengthAgreement.Of([], 0.01));
        Assert.Null(RowLengthAgreement.Of([[new(1, 0, 1, 0)]], 0.01));
        Assert.Null(RowLengthAgreement.Of([[new(1, 0, 1, 0), new(1, 0, 2, 0)]], 0.01));
        Assert.Null(RowLengthAgreement.Of([[new(double.NaN, 0, 1, 0), new(1, 0, 2, 0)]], 0.01));
        Assert.Null(RowLengthAgreement.Of([[new(1, 0, 1, 0), new(2, 0, 2, 0), new(3, 0, 4, 0)]], 0.01)!.CrossCorrelation);
    }
}
