using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class DepthCurveScoreTests
{
    private static readonly Part[] Parts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    [Fact]
    public void Independent_model_scaled_to_the_same_profile_scores_one_while_nothing_is_shared()
    {
        var (reference, clone) = (ToyModel.Random(1), ToyModel.Random(2));
        foreach (var role in clone.Matrices.Keys.Where(role => Parts.Contains(role.Part)).ToArray())
        {
            var scale = reference.Deviation(role) / clone.Deviation(role);
            clone.Change(other => other == role, value => (float)(value * scale));
        }

        var score = DepthCurveScore.Compute(reference.Described(), clone.Described(), long.MaxValue).Item;
        var components = ComponentCosines.Compare(reference.Described(), clone.Described(), long.MaxValue).Components;

        Assert.Equal(1, score.Statistic!.Value, 1e-6);
        Assert.Equal(1, score.NullPercentile);
        Assert.All(components.Where(component => component.Component is "attention" or "mlp"), component => Assert.InRange(component.Cosine!.Value, -0.03, 0.03));
        Assert.Equal(Tier.Descriptive, score.Tier);
        Assert.Null(score.Log10P);
    }

    [Fact]
    public void Unrelated_profiles_score_around_zero()
    {
        var scores = Enumerable.Range(0, 60)
            .Select(pair => DepthCurveScore.Compute(ToyModel.Random(100 + (2 * pair)).Described(), ToyModel.Random(101 + (2 * pair)).Described(), long.MaxValue).Item.Statistic!.Value)
            .ToArray();

        // Each is a mean of four correlations of six free points, whose variance is 1/5: mean 0 with standard error 0.22 / √60.
        Assert.InRange(scores.Average(), -0.12, 0.12);
        Assert.InRange(Math.Sqrt(scores.Average(score => score * score)), 0.15, 0.30);
    }

    [Fact]
    public void Opposite_profiles_score_minus_one()
    {
        var (reference, mirror) = (WithDeviations(1, 2, 4, 3), WithDeviations(4, 3, 1, 2));

        var result = DepthCurveScore.Compute(reference.Described(), mirror.Described(), long.MaxValue);

        Assert.Equal(-1, result.Item.Statistic!.Value, 1e-6);
        Assert.Equal([1.0, 2, 4, 3], result.Curves[0].Reference);
        Assert.Equal([4.0, 3, 1, 2], result.Curves[0].Suspect);
        Assert.Equal(["query-deviation", "key-deviation", "value-deviation", "output-deviation"], result.Curves.Select(curve => curve.Name));
    }

    [Fact]
    public void Shorter_curve_is_stretched_to_the_longer()
    {
        // A line of three points stretched to five is the line of five points.
        var result = DepthCurveScore.Compute(WithDeviations(1, 2, 3).Described(), WithDeviations(2, 3, 4, 5, 6).Described(), long.MaxValue);

        Assert.Equal(1, result.Item.Statistic!.Value, 1e-6);
        Assert.Contains("stretched", result.Item.Note, StringComparison.Ordinal);
        Assert.Contains("3 layers lie outside the bank", result.Item.Null, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_is_kept_and_the_sampled_score_is_close()
    {
        var reference = ToyModel.Random(5, layers: 8, width: 256);
        var (whole, sampled) = (reference.Described(), reference.Described());
        var budget = AttentionCurve.StoredBytes(whole.Anatomy) / 4;

        var full = DepthCurveScore.Compute(whole, ToyModel.Random(6, layers: 8, width: 256).Described(), long.MaxValue).Item;
        var part = DepthCurveScore.Compute(sampled, ToyModel.Random(6, layers: 8, width: 256).Described(), budget).Item;

        Assert.InRange(sampled.Source.BytesRead, 1, budget);
        Assert.Equal(full.Statistic!.Value, part.Statistic!.Value, 0.03);
        Assert.Equal(2 * sampled.Source.BytesRead, part.BytesRead);
        Assert.Contains("standard error", part.Note, StringComparison.Ordinal);
        Assert.DoesNotContain("standard error", full.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_error_of_a_sampled_deviation_is_what_repetition_gives()
    {
        var errors = new List<double>();
        var stated = new List<double>();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var model = new ToyModel();
            model.Set(new Role(Part.Query, 0), 640, 32, [.. Enumerable.Range(0, 640 * 32).Select(_ => (float)ToyModel.Gaussian(random))]);
            var described = model.Described();
            var view = described.Anatomy.Views[new Role(Part.Query, 0)];
            var measured = MatrixDeviation.Of(described.Reader, view, RowRuns.Choose(640, 32, 0.1, 1))!.Value;
            errors.Add(measured.Value - model.Deviation(new Role(Part.Query, 0)));
            stated.Add(measured.StandardError!.Value);
        }

        var actual = Math.Sqrt(errors.Average(error => error * error));
        Assert.Equal(1, stated.Average() / actual, 0.2);
    }

    [Fact]
    public void Nothing_is_said_where_nothing_can_be_computed()
    {
        var flat = DepthCurveScore.Compute(WithDeviations(1, 1, 1).Described(), WithDeviations(1, 2, 3).Described(), long.MaxValue);
        var shallow = DepthCurveScore.Compute(WithDeviations(1, 2).Described(), WithDeviations(1, 2).Described(), long.MaxValue);
        var broken = DepthCurveScore.Compute(
            WithDeviations(1, 2, 3).Change(_ => true, _ => float.NaN).Described(), WithDeviations(1, 2, 3).Described(), long.MaxValue);

        Assert.All([flat, shallow, broken], result =>
        {
            Assert.Null(result.Item.Statistic);
            Assert.Null(result.Item.NullPercentile);
            Assert.Empty(result.Curves);
        });
    }

    private static ToyModel WithDeviations(params float[] deviations)
    {
        var model = new ToyModel();
        for (var layer = 0; layer < deviations.Length; layer++)
        {
            foreach (var part in Parts)
            {
                model.Set(new Role(part, layer), 2, 2, deviations[layer], -deviations[layer], -deviations[layer], deviations[layer]);
            }
        }

        return model;
    }
}
