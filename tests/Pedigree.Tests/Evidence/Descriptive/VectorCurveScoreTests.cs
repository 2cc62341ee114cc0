using Pedigree.Anatomy;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class VectorCurveScoreTests
{
    [Fact]
    public void Curves_are_deviations_of_gains_and_biases()
    {
        var model = new ToyModel();
        for (var layer = 0; layer < 3; layer++)
        {
            model.Set(new Role(Part.AttentionNorm, layer), 1, 2, 3, 5 + (2 * layer));
            model.Set(new Role(Part.Bias, layer, Role.Dense, Part.Query), 1, 2, 5 - layer, 5 + layer);
        }

        var (items, curves) = VectorCurveScore.Compute(model.Described(), model.Described());

        Assert.Equal(["attention-norm-deviation", "query-bias-deviation"], curves.Select(curve => curve.Name));
        Assert.Equal([1.0, 2, 3], curves[0].Suspect);
        Assert.Equal([0.0, 1, 2], curves[1].Reference);
        Assert.All(items, item => Assert.Equal(1, item.Statistic!.Value, 1e-9));
        Assert.All(items, item => Assert.Contains("3 layers lie outside the bank", item.Null, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_biases_and_constant_gains_give_no_number()
    {
        var (reference, suspect) = (ToyModel.Random(1), ToyModel.Random(2));
        suspect.Change(role => role.Part.IsGain(), _ => 1);

        var (items, curves) = VectorCurveScore.Compute(reference.Described(), suspect.Described());

        Assert.All(items, item => Assert.Null(item.Statistic));
        Assert.All(items, item => Assert.Null(item.NullExpectation));
        Assert.All(items, item => Assert.StartsWith("Not computed", item.Note, StringComparison.Ordinal));
        Assert.Empty(curves);
    }

    [Fact]
    public void Vectors_are_read_once_for_all_figures()
    {
        var (reference, suspect) = (ToyModel.Random(1).Described(), ToyModel.Random(2).Described());
        VectorCurveScore.Compute(reference, suspect);
        var read = reference.Source.BytesRead;

        NormGainCosine.Evaluate(reference, suspect, 1);

        // The final norm is no part of a curve.
        Assert.Equal(read + (48 * sizeof(float)), reference.Source.BytesRead);
    }
}
