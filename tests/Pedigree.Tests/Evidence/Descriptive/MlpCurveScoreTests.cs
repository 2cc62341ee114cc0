using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class MlpCurveScoreTests
{
    private static readonly Part[] Parts = [Part.Gate, Part.Up, Part.Down];

    [Fact]
    public void Profile_is_all_that_it_sees()
    {
        var (reference, clone) = (ToyModel.Random(1), ToyModel.Random(2));
        for (var layer = 0; layer < 6; layer++)
        {
            var scale = 1 + (0.3f * ((layer * 3) % 5));
            foreach (var model in new[] { reference, clone })
            {
                var own = layer;
                model.Change(role => role.Layer == own && Parts.Contains(role.Part), value => value * scale);
            }
        }

        var (items, curves) = MlpCurveScore.Compute(reference.Described(), clone.Described(), long.MaxValue);

        var item = Assert.Single(items);
        Assert.InRange(item.Statistic!.Value, 0.99, 1);
        Assert.Equal((Tier.Descriptive, (double?)null), (item.Tier, item.Log10P));
        Assert.InRange(item.NullPercentile!.Value, 0.9, 1);
        Assert.Equal(["gate-deviation", "up-deviation", "down-deviation"], curves.Select(curve => curve.Name));
        Assert.Contains("shifted round, 5 ways", item.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Mixture_has_the_mean_of_its_experts_and_their_spread()
    {
        // Expert e of layer l has deviation 1 + l + e in one model, and half of that in the other.
        ToyModel Mixture(float scale, int experts)
        {
            var model = new ToyModel();
            for (var layer = 0; layer < 4; layer++)
            {
                for (var expert = 0; expert < experts; expert++)
                {
                    var deviation = scale * (1 + (layer % 3) + expert);
                    model.Set(new Role(Part.Up, layer, expert), 2, 2, deviation, -deviation, -deviation, deviation);
                }
            }

            return model;
        }

        var (items, curves) = MlpCurveScore.Compute(Mixture(1, 3).Described(), Mixture(0.5f, 2).Described(), long.MaxValue);

        Assert.Equal(["mlp-depth-curve-score", "expert-spread-curve-score"], items.Select(item => item.Test));
        Assert.Equal([2.0, 3, 4, 2], curves[0].Reference);
        Assert.Equal([0.75, 1.25, 1.75, 0.75], curves[0].Suspect);
        Assert.Equal("up-expert-spread", curves[1].Name);
        Assert.Equal(Math.Sqrt(2.0 / 3) / 3, curves[1].Reference[1], 1e-9);
        Assert.Equal(0.5 / 2.5, curves[1].Suspect[1], 1e-9);
        Assert.Equal(1, items[0].Statistic!.Value, 1e-9);
        Assert.Contains("3 experts (reference) and 2 experts (suspect)", items[0].Note, StringComparison.Ordinal);
        Assert.InRange(items[1].NullPercentile!.Value, 0.5, 1);
    }

    [Fact]
    public void Dense_model_is_compared_with_the_mean_over_experts()
    {
        var dense = ToyModel.Random(1);
        var mixture = ToyModel.Random(2, experts: 4);

        var (items, curves) = MlpCurveScore.Compute(dense.Described(), mixture.Described(), long.MaxValue);

        Assert.NotNull(Assert.Single(items).Statistic);
        Assert.Equal(3, curves.Count);
        Assert.Contains("no expert (reference) and 4 experts (suspect)", items[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Unequal_depth_is_stretched_and_laid_along()
    {
        static ToyModel Ramp(params float[] deviations)
        {
            var model = new ToyModel();
            for (var layer = 0; layer < deviations.Length; layer++)
            {
                model.Set(new Role(Part.Up, layer), 2, 2, deviations[layer], -deviations[layer], -deviations[layer], deviations[layer]);
            }

            return model;
        }

        var note = MlpCurveScore.Compute(Ramp(9, 1, 5, 2, 7, 3).Described(), Ramp(5, 2, 7).Described(), long.MaxValue).Items[0].Note;

        Assert.Contains("Curves of 6 and 3 layers: the shorter was stretched.", note, StringComparison.Ordinal);
        Assert.Contains("1.000 at the best of 4 places (layer 2)", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_is_kept_and_the_sampled_curve_is_close()
    {
        var model = ToyModel.Random(5, layers: 5, width: 192, experts: 3);
        var (whole, sampled) = (model.Described(), model.Described());
        var budget = Parts.Sum(part => MlpCurve.StoredBytes(whole.Anatomy, part)) / 10;

        var full = MlpCurveScore.Compute(whole, ToyModel.Random(6, layers: 5, width: 192, experts: 3).Described(), long.MaxValue).Curves[0].Reference;
        var (items, curves) = MlpCurveScore.Compute(sampled, ToyModel.Random(6, layers: 5, width: 192, experts: 3).Described(), budget);

        Assert.InRange(sampled.Source.BytesRead, budget / 2, budget);
        Assert.All(full.Zip(curves[0].Reference), pair => Assert.Equal(1, pair.Second / pair.First, 0.1));
        Assert.Contains("standard error", items[0].Note, StringComparison.Ordinal);
        Assert.Contains("a part of the spread is sampling", items[1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_nothing_can_be_computed()
    {
        var shallow = MlpCurveScore.Compute(ToyModel.Random(1, layers: 1).Described(), ToyModel.Random(2, layers: 1).Described(), long.MaxValue);
        var broken = MlpCurveScore.Compute(ToyModel.Random(1).Change(role => role.Part == Part.Up, _ => float.NaN).Described(), ToyModel.Random(2).Described(), long.MaxValue);

        Assert.Null(Assert.Single(shallow.Items).Statistic);
        Assert.Null(shallow.Items[0].NullPercentile);
        Assert.Empty(shallow.Curves);
        Assert.Equal(["gate-deviation", "down-deviation"], broken.Curves.Select(curve => curve.Name));
    }
}
