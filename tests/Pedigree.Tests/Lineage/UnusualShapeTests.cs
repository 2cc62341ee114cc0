using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Few layers, one KV group, very many neurons, parts of models: still no accusation without cause, and children are found.</summary>
public class UnusualShapeTests
{
    [Theory]
    [InlineData(1, 64, 128, 4, 2, 200)]
    [InlineData(2, 64, 128, 4, 1, 200)]
    [InlineData(1, 32, 5000, 2, 1, 64)]
    [InlineData(12, 32, 48, 2, 2, 40)]
    [InlineData(3, 256, 64, 4, 4, 16)]
    public void Unrelated_models_are_not_accused_and_children_are_found(int layers, int width, int neurons, int heads, int keyValueHeads, int tokens)
    {
        var seed = PlantedUnits.FreshSeed();
        EditableModel Make(ulong number) => EditableModel.Random(seed + number, layers, width, neurons, heads, keyValueHeads, 16, tokens);
        var reference = Make(1);
        Disguise.IsNotAccused(Disguise.Compare(Make(2), reference));
        var child = Disguise.Compare(reference.Child(seed + 3, 0.9), reference);
        Disguise.IsFound(child);
    }

    [Theory]
    [InlineData("ft")]
    [InlineData("A1")]
    public void Part_of_a_model_is_found_in_the_whole(string name)
    {
        var whole = EditableModel.Sample("A1");
        foreach (var keep in new Func<string, bool>[]
        {
            tensor => !tensor.Contains("layers.2.", StringComparison.Ordinal) && !tensor.Contains("layers.3.", StringComparison.Ordinal),
            tensor => tensor.Contains("layers.", StringComparison.Ordinal),
            tensor => !tensor.Contains("mlp", StringComparison.Ordinal),
        })
        {
            var part = EditableModel.Sample(name);
            foreach (var tensor in part.Tensors.Keys.Where(tensor => !keep(tensor)).ToArray())
            {
                part.Tensors.Remove(tensor);
            }

            var result = Disguise.Compare(part, whole);
            Assert.True(result.Verdict.Relation is "related", Comparisons.Line(result));
            Assert.NotEqual("identical", Disguise.Compare(whole, part).Verdict.Relation);
        }
    }

    [Fact]
    public void Half_of_the_neurons_moved_hides_nothing()
    {
        var child = EditableModel.Sample("ft");
        for (var layer = 0; layer < child.Layers; layer++)
        {
            child.ReorderNeurons(layer, [.. Enumerable.Range(0, 128), .. Enumerable.Range(128, 128).Reverse()]);
        }

        Disguise.IsFound(Disguise.Compare(child, EditableModel.Sample("A1")));
    }

    [Fact]
    public void Scales_that_make_an_order_look_sorted_hide_nothing()
    {
        // Up by s and down by 1/s leave the function alone; so does any gain folded into the columns.
        var child = EditableModel.Sample("ft");
        child.Change(name => name.Contains("up_proj", StringComparison.Ordinal), (row, _, value) => value * (1 + (row / 64f)));
        child.Change(name => name.Contains("down_proj", StringComparison.Ordinal), (_, column, value) => value / (1 + (column / 64f)));
        var result = Disguise.Compare(child, EditableModel.Sample("A1"));
        Disguise.IsFound(result);
        Assert.Contains(result.Evidence, item => item.Test == "mlp-neuron-order" && item.Statistic > 1000);
    }

    [Fact]
    public void Other_fixed_tables_are_not_identical()
    {
        static EditableModel With(float ratio)
        {
            var model = EditableModel.Sample("A1");
            model.Tensors["model.rotary_emb.inv_freq"] = (1, 8, [.. Enumerable.Range(0, 8).Select(i => MathF.Pow(ratio, -i / 8f))]);
            return model;
        }

        Assert.Equal("identical", Disguise.Compare(With(10_000), With(10_000)).Verdict.Relation);
        Assert.NotEqual("identical", Disguise.Compare(With(1_000_000), With(10_000)).Verdict.Relation);
    }
}
