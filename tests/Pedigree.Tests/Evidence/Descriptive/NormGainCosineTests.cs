using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class NormGainCosineTests
{
    [Fact]
    public void Raw_cosine_of_unrelated_models_is_high_and_so_is_its_null()
    {
        var agreements = Enumerable.Range(0, 40)
            .Select(pair => NormGainCosine.MeasureGains(ToyModel.Random(2 * pair).Described(), ToyModel.Random((2 * pair) + 1).Described(), 7)!)
            .ToArray();

        Assert.All(agreements, agreement => Assert.InRange(agreement.RawCosine!.Value, 0.96, 1));
        Assert.All(agreements, agreement => Assert.Equal(agreement.RawCosine!.Value, agreement.ShuffledCosine!.Value, 0.01));
        Assert.InRange(agreements.Average(agreement => agreement.CentredCorrelation!.Value), -0.03, 0.03);

        // Percentiles of a true null are uniform: mean 1/2, standard error 0.29 / √40.
        Assert.InRange(agreements.Average(agreement => agreement.Percentile!.Value), 0.35, 0.65);
    }

    [Fact]
    public void Common_shift_lowers_the_drift_ratio_but_not_against_its_null()
    {
        var agreement = NormGainCosine.MeasureGains(ToyModel.Random(1).Described(), ToyModel.Random(2).Described(), 7)!;

        Assert.Equal(1, agreement.ReferenceStart);
        Assert.InRange(agreement.DriftRatio!.Value, 0, 0.1);
        Assert.Equal(1, agreement.DriftRatio.Value / agreement.ShuffledDriftRatio!.Value, 0.1);
    }

    [Fact]
    public void Drifts_in_unrelated_directions_have_ratio_one()
    {
        static ToyModel Around(int seed, double centre)
        {
            var random = new Random(seed);
            var model = new ToyModel();
            model.Set(new Role(Part.MlpNorm, 0), 1, 4000, [.. Enumerable.Range(0, 4000).Select(_ => (float)(centre + (0.2 * ToyModel.Gaussian(random))))]);
            return model;
        }

        var one = NormGainCosine.MeasureGains(Around(1, 1).Described(), Around(2, 1).Described(), 7)!;
        var gemma = NormGainCosine.MeasureGains(Around(3, 0).Described(), Around(4, 0).Described(), 7)!;
        var named = NormGainCosine.MeasureGains(Around(3, 0.6).Described(family: "gemma2"), Around(4, 0.6).Described(family: "gemma2"), 7)!;

        Assert.Equal(1, one.DriftRatio!.Value, 0.05);
        Assert.Equal((0.0, 0.0), (gemma.ReferenceStart, gemma.SuspectStart));
        Assert.Equal(1, gemma.DriftRatio!.Value, 0.05);
        Assert.Equal(0, named.ReferenceStart);
    }

    [Fact]
    public void Shared_drift_is_seen_by_correlation_and_drift_ratio()
    {
        var parent = ToyModel.Random(1);
        var random = new Random(9);
        var child = parent.Copy().Change(role => role.Part.IsGain(), value => (float)(value + (0.02 * ToyModel.Gaussian(random))));

        var agreement = NormGainCosine.MeasureGains(parent.Described(), child.Described(), 7)!;

        Assert.InRange(agreement.CentredCorrelation!.Value, 0.9, 1);
        Assert.InRange(agreement.DriftRatio!.Value / agreement.ShuffledDriftRatio!.Value, 0, 0.2);
        Assert.Equal(1, agreement.Percentile);
        Assert.Equal(13 * 48, agreement.Dimensions);
    }

    [Fact]
    public void Shuffled_figures_are_the_average_over_all_orders()
    {
        var (reference, suspect) = (new ToyModel(), new ToyModel());
        reference.Set(new Role(Part.FinalNorm), 1, 3, 1, 2, 4);
        suspect.Set(new Role(Part.FinalNorm), 1, 3, 3, 1, 5);
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        float[] values = [3, 1, 5];
        var each = orders.Select(order =>
        {
            var other = new ToyModel();
            other.Set(new Role(Part.FinalNorm), 1, 3, [.. order.Select(place => values[place])]);
            return NormGainCosine.MeasureGains(reference.Described(), other.Described(), 1)!;
        }).ToArray();

        var agreement = NormGainCosine.MeasureGains(reference.Described(), suspect.Described(), 1)!;

        Assert.Equal(each.Average(one => one.RawCosine!.Value), agreement.ShuffledCosine!.Value, 1e-12);
        Assert.Equal(each.Average(one => one.DriftRatio!.Value), agreement.ShuffledDriftRatio!.Value, 1e-12);
        Assert.Equal(0, each.Average(one => one.CentredCorrelation!.Value), 1e-12);
        Assert.Equal(25 / Math.Sqrt(21 * 35), agreement.RawCosine!.Value, 1e-12);
    }

    [Fact]
    public void Biases_start_at_zero_and_constants_give_nothing()
    {
        var role = new Role(Part.Bias, 0, Role.Dense, Part.Query);
        var (reference, suspect) = (new ToyModel(), new ToyModel());
        reference.Set(role, 1, 4, 0, 1, 0, -1);
        suspect.Set(role, 1, 4, 1, 0, -1, 0);
        reference.Set(new Role(Part.FinalNorm), 1, 2, 1, 1);
        suspect.Set(new Role(Part.FinalNorm), 1, 2, 1, 1);

        var biases = NormGainCosine.MeasureBiases(reference.Described(), suspect.Described(), 1)!;
        var gains = NormGainCosine.MeasureGains(reference.Described(), suspect.Described(), 1)!;

        Assert.Equal(1, biases.DriftRatio);
        Assert.Equal(0, biases.CentredCorrelation);
        Assert.Null(gains.DriftRatio);
        Assert.Null(gains.CentredCorrelation);
        Assert.Null(gains.Percentile);
        Assert.Null(NormGainCosine.MeasureBiases(ToyModel.Random(1).Described(), suspect.Described(), 1));
    }

    [Fact]
    public void Items_are_descriptive_and_the_same_each_time()
    {
        var (reference, suspect) = (ToyModel.Random(1).Described(), ToyModel.Random(2).Described());

        var (first, second) = (NormGainCosine.Evaluate(reference, suspect, 3), NormGainCosine.Evaluate(reference, suspect, 3));

        // Four of all norms, and four of each of three kinds.
        Assert.Equal(16, first.Count);
        Assert.Equal(first.Select(item => (item.Test, item.Statistic, item.NullPercentile, item.Note)), second.Select(item => (item.Test, item.Statistic, item.NullPercentile, item.Note)));
        Assert.All(first, item => Assert.Equal((Tier.Descriptive, (double?)null), (item.Tier, item.Log10P)));
    }

    [Fact]
    public void Every_layer_has_raw_shuffled_and_centred_figures_and_a_percentile()
    {
        var parent = ToyModel.Random(1);
        var stranger = ToyModel.Random(2);
        var child = parent.Copy();
        child.Matrices[new Role(Part.MlpNorm, 3)] = stranger.Matrices[new Role(Part.MlpNorm, 3)];

        var items = NormGainCosine.Evaluate(parent.Described(), child.Described(), 7).Where(item => item.StatisticName.Contains("MlpNorm", StringComparison.Ordinal))
            .ToDictionary(item => item.Test, StringComparer.Ordinal);

        Assert.All(items.Values, item => Assert.Equal(6, item.PerLayer.Count));
        Assert.All(items["constant-start-cosine"].PerLayer, layer => Assert.InRange(layer.Value!.Value, 0.9, 1));
        Assert.All(items["constant-start-shuffled"].PerLayer, layer => Assert.InRange(layer.Value!.Value, 0.9, 0.99));
        Assert.Equal([3], items["constant-start-correlation"].PerLayer.Where(layer => layer.Value < 0.9).Select(layer => layer.SuspectLayer));
        Assert.All(items["constant-start-layers"].PerLayer.Where(layer => layer.SuspectLayer != 3), layer => Assert.Equal(1, layer.Value));
        Assert.InRange(items["constant-start-layers"].Statistic!.Value, 5.0 / 6, 1);
    }

    [Fact]
    public void Percentiles_of_layers_are_uniform_over_relabellings()
    {
        var percentiles = Enumerable.Range(0, 30).SelectMany(pair => NormGainCosine.MeasureBiases(
            Biases(3000 + (2 * pair)).Described(), Biases(3001 + (2 * pair)).Described(), (ulong)pair)!.Layers.Select(layer => layer.Percentile!.Value)).ToArray();

        // 120 percentiles: mean 1/2 with standard error 0.29 / √120, a tenth in each end with standard error 0.027.
        Assert.InRange(percentiles.Average(), 0.5 - (5 * 0.0264), 0.5 + (5 * 0.0264));
        Assert.InRange(percentiles.Average(value => value < 0.1 ? 1.0 : 0), 0, 0.1 + (5 * 0.0274));
        Assert.InRange(percentiles.Average(value => value > 0.9 ? 1.0 : 0), 0, 0.1 + (5 * 0.0274));
    }

    [Fact]
    public void Layer_that_does_not_vary_has_no_percentile()
    {
        var (reference, suspect) = (Biases(1), Biases(2));
        suspect.Change(role => role.Layer == 2, _ => 0.5f);

        var layers = NormGainCosine.MeasureBiases(reference.Described(), suspect.Described(), 1)!.Layers;

        Assert.Equal([2], layers.Where(layer => layer.Percentile is null).Select(layer => layer.Layer));
        Assert.Equal([2], layers.Where(layer => layer.CentredCorrelation is null).Select(layer => layer.Layer));
    }

    private static ToyModel Biases(int seed)
    {
        var random = new Random(seed);
        var model = new ToyModel();
        for (var layer = 0; layer < 4; layer++)
        {
            model.Set(new Role(Part.Bias, layer, Role.Dense, Part.Key), 1, 40, [.. Enumerable.Range(0, 40).Select(_ => (float)ToyModel.Gaussian(random))]);
        }

        return model;
    }
}
