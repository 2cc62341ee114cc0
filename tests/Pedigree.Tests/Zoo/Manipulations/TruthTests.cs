using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

/// <summary>The truth that a manipulation states, held against the tensors that it made.</summary>
public sealed class TruthTests
{
    private static readonly Manipulation[] s_selections =
    [
        ResidualSymmetries.Permuted, NeuronSymmetries.Permuted, NeuronSymmetries.ExpertsPermuted, HeadSymmetries.Permuted,
        VocabularyChanges.Reordered, VocabularyChanges.Reduced(0.5), VocabularyChanges.Extended(3), VocabularyChanges.Replaced,
        DepthChanges.Dropped(1), DepthChanges.Repeated(2), DepthChanges.IdleInserted(1), DepthChanges.FreshInserted(1), DepthChanges.Stacked(1, 0, 1),
        WidthPruning.Pruned(0.75, PruningOrder.Random), WidthPruning.Pruned(0.75, PruningOrder.Norm), WidthPruning.Pruned(0.75, PruningOrder.Sorted),
    ];

    [Fact]
    public void UpRowsAreWhereComposedMapsSay()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 3);
        var rows = 0;
        foreach (var shape in FreshShapes.All(seed))
        {
            // Two layers may be dropped before two are asked for.
            var parent = RandomDecoder.Create(shape with { Layers = shape.Layers + 2 }, seed);
            for (var round = 0; round < 4; round++)
            {
                var steps = Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => s_selections[random.NextInt(s_selections.Length)]).ToArray();
                var (child, truth) = Manipulation.Composed(steps).Apply(parent, random.NextUInt64());
                Assert.Equal(steps.Select(step => step.Name), truth.Steps);
                rows += AssertRows(parent, child, truth);
            }
        }

        // Single compositions may drop or replace all that they kept; not all of them.
        Assert.True(rows > 0);
    }

    [Fact]
    public void ARotationIsTheMapItStates()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed).Where(shape => shape.Norm == NormKind.RootMeanSquare))
        {
            var parent = RandomDecoder.Create(shape, seed);
            var (child, truth) = Manipulation.Composed(ResidualSymmetries.Permuted, ResidualSymmetries.Rotated).Apply(parent, seed);
            var mapped = RightProduct.Of(parent[Slot.Embedding], truth.Residual.ToMatrix(), truth.Residual.To);
            for (var i = 0; i < mapped.Values.Length; i++)
            {
                Assert.Equal(mapped.Values[i], child[Slot.Embedding].Values[i], 1e-5);
            }
        }
    }

    private static int AssertRows(DecoderModel parent, DecoderModel child, Truth truth)
    {
        var shape = child.Shape;
        Assert.Equal(shape.Layers, truth.Layers.Length);
        var checkedRows = 0;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            for (var block = 0; block < shape.Blocks; block++)
            {
                var neurons = truth.Neurons[layer][block];
                Assert.Equal(shape.Neurons, neurons.Length);
                for (var neuron = 0; neuron < neurons.Length && truth.Layers[layer] >= 0; neuron++)
                {
                    var from = parent[Slot.Up(truth.Layers[layer], parent.Shape.ExpertOf(truth.Experts[layer][block]))];
                    AssertRow(from.Row(neurons[neuron]), child[Slot.Up(layer, shape.ExpertOf(block))].Row(neuron), truth.Residual);
                    checkedRows++;
                }
            }

            for (var head = 0; head < shape.QueryHeads && truth.Layers[layer] >= 0; head++)
            {
                var from = parent[Slot.Query(truth.Layers[layer])];
                AssertRow(
                    from.Row(truth.QueryHeads[layer][head] * shape.HeadWidth), child[Slot.Query(layer)].Row(head * shape.HeadWidth), truth.Residual);
                Assert.Equal(truth.QueryHeads[layer][head] / parent.Shape.GroupSize, truth.KeyValueHeads[layer][head / shape.GroupSize]);
            }
        }

        for (var token = 0; token < shape.Vocabulary; token++)
        {
            if (truth.Tokens[token] >= 0)
            {
                AssertRow(parent[Slot.Embedding].Row(truth.Tokens[token]), child[Slot.Embedding].Row(token), truth.Residual);
            }
        }

        return checkedRows;
    }

    private static void AssertRow(ReadOnlySpan<float> parent, ReadOnlySpan<float> child, ResidualMap map)
    {
        for (var i = 0; i < child.Length; i++)
        {
            Assert.Equal((float)(parent[map.Sources![i]] * map.Signs![i]), child[i]);
        }
    }
}
