using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class ComponentCosinesTests
{
    [Fact]
    public void Copy_agrees_in_every_bit_and_its_null_does_not()
    {
        var model = ToyModel.Random(1);

        var components = ComponentCosines.Compare(model.Described(), model.Copy().Described(), long.MaxValue).Components;

        Assert.Equal(["embedding", "attention", "mlp", "norms"], components.Select(component => component.Component));
        Assert.All(components, component => Assert.Equal((1, 1.0), (Math.Round(component.Cosine!.Value, 12), component.BitEqualShare)));
        Assert.All(components.SkipLast(1), component => Assert.InRange(component.NullCosine!.Value, -0.04, 0.04));
        Assert.InRange(components[^1].NullCosine!.Value, 0.95, 1);
    }

    [Fact]
    public void Noise_of_known_size_gives_the_cosine_that_follows()
    {
        var parent = ToyModel.Random(1);
        var random = new Random(3);
        var child = parent.Copy().Change(role => role.Part == Part.Embedding, value => (float)(value + (0.75 * ToyModel.Gaussian(random))));

        var embedding = Component(ComponentCosines.Compare(parent.Described(), child.Described(), long.MaxValue), "embedding");

        Assert.Equal(0.8, embedding.Cosine!.Value, 0.02);
        Assert.Equal(0, embedding.BitEqualShare);
        Assert.Equal(200 * 48, embedding.Compared);
    }

    [Fact]
    public void Common_direction_shows_in_the_null()
    {
        static ToyModel Shifted(int seed) => ToyModel.Random(seed).Change(role => role.Part == Part.Embedding, value => value + 2);

        var embedding = Component(ComponentCosines.Compare(Shifted(1).Described(), Shifted(2).Described(), long.MaxValue), "embedding");

        Assert.Equal(0.8, embedding.Cosine!.Value, 0.02);
        Assert.Equal(embedding.Cosine.Value, embedding.NullCosine!.Value, 0.02);
    }

    [Fact]
    public void Changed_layer_is_visible_in_the_detail()
    {
        var parent = ToyModel.Random(1);
        var child = parent.Copy().Change(role => role == new Role(Part.Value, 2), value => -value);

        var item = ComponentCosines.Compare(parent.Described(), child.Described(), long.MaxValue).Items
            .Single(item => item.StatisticName.Contains("Value", StringComparison.Ordinal));

        Assert.Equal(6, item.PerLayer.Count);
        Assert.All(item.PerLayer, layer => Assert.Equal(layer.ReferenceLayer == 2 ? -1 : 1, layer.Value!.Value, 1e-9));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(300)]
    public void Budget_is_kept_and_the_cosine_hardly_changes(int divisor)
    {
        var parent = ToyModel.Random(1, layers: 3, width: 64, experts: 8);
        var random = new Random(3);
        var child = parent.Copy().Change(role => role.Part is Part.Gate or Part.Up or Part.Down, value => (float)(value + (0.1 * ToyModel.Gaussian(random))));
        var (reference, suspect) = (parent.Described(), child.Described());
        var budget = reference.Source.TotalBytes / divisor;

        var result = ComponentCosines.Compare(reference, suspect, budget);

        Assert.InRange(reference.Source.BytesRead, budget / 4, budget);
        Assert.Equal(reference.Source.BytesRead + suspect.Source.BytesRead, result.Items.Sum(item => item.BytesRead));
        Assert.Equal(Math.Sqrt(0.5), Component(result, "mlp").Cosine!.Value, 0.06);
        Assert.All(result.Items, item => Assert.NotEmpty(item.Note));
    }

    [Fact]
    public void Result_is_the_same_each_time()
    {
        var (reference, suspect) = (ToyModel.Random(1, width: 64).Described(), ToyModel.Random(2, width: 64).Described());

        var results = Enumerable.Range(0, 4).Select(_ => ComponentCosines.Compare(reference, suspect, 200_000).Components).ToArray();

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Extended_vocabulary_is_compared_over_its_common_rows_and_other_sizes_are_not()
    {
        var parent = ToyModel.Random(1);
        var child = parent.Copy();
        var embedding = child.Matrices[new Role(Part.Embedding)];
        child.Set(new Role(Part.Embedding), embedding.Rows + 10, embedding.Columns, [.. embedding.Values, .. new float[10 * embedding.Columns]]);
        child.Set(new Role(Part.Down, 0), 2, 2, 1, 2, 3, 4);

        var result = ComponentCosines.Compare(parent.Described(), child.Described(), long.MaxValue);

        Assert.Equal(1, Component(result, "embedding").Cosine!.Value, 1e-12);
        Assert.Contains("1 matrices of unequal size", result.Items[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_not_finite_are_left_out_and_counted()
    {
        var parent = ToyModel.Random(1);
        var child = parent.Copy();
        child.Matrices[new Role(Part.Embedding)].Values[5] = float.NaN;
        child.Matrices[new Role(Part.Embedding)].Values[50] = float.PositiveInfinity;

        var result = ComponentCosines.Compare(parent.Described(), child.Described(), long.MaxValue);

        Assert.Equal(1, Component(result, "embedding").Cosine!.Value, 1e-12);
        Assert.Equal(198 * 48, Component(result, "embedding").Compared);
        Assert.Contains("96 values", result.Items[0].Note, StringComparison.Ordinal);
    }

    private static ComponentAgreement Component(ComponentCosineResult result, string name) =>
        result.Components.Single(component => component.Component == name);
}
