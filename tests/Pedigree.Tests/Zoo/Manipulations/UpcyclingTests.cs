using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

public sealed class UpcyclingTests
{
    [Fact]
    public void ExactCopiesKeepTheFunction()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in Dense(seed))
        {
            var parent = RandomDecoder.Create(shape, seed);
            var (child, truth) = Upcycling.Copies(4, 1).Apply(parent, seed);
            Assert.Equal(4, child.Shape.Experts);
            Assert.True(truth.KeepsFunction);
            Assert.True(DecoderForward.RelativeDifference(parent, child, Truth.Range(8)) < 1e-5);
        }
    }

    [Fact]
    public void SplitExpertsHoldEachNeuronOnceAndFreshOnesNone()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in Dense(seed))
        {
            var parent = RandomDecoder.Create(shape, seed);
            var (child, truth) = Upcycling.Split(2).Apply(parent, seed);
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                Assert.Equal(Truth.Range(shape.Neurons), truth.Neurons[layer].SelectMany(neurons => neurons).Order());
                for (var expert = 0; expert < 2; expert++)
                {
                    for (var neuron = 0; neuron < child.Shape.Neurons; neuron++)
                    {
                        var source = truth.Neurons[layer][expert][neuron];
                        Assert.Equal(parent[Slot.Up(layer, Slot.Dense)].Row(source).ToArray(), child[Slot.Up(layer, expert)].Row(neuron).ToArray());
                        Assert.Equal(parent[Slot.Down(layer, Slot.Dense)].Row(0)[source], child[Slot.Down(layer, expert)].Row(0)[neuron]);
                    }
                }
            }

            var fresh = Upcycling.Fresh(4).Apply(parent, seed);
            Assert.All(fresh.Truth.Experts, layer => Assert.All(layer, expert => Assert.Equal(-1, expert)));
            Assert.Equal(parent[Slot.Query(0)].Values, fresh.Model[Slot.Query(0)].Values);
        }
    }

    [Fact]
    public void ATransplantHasTheDonorsLayersAndNothingElse()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = FreshShapes.All(seed)[0];
        var (host, donor) = (RandomDecoder.Create(shape, seed), RandomDecoder.Create(shape, seed + 1));
        var (child, truth) = Upcycling.Transplant(host, donor, 1);
        Assert.All(child.Tensors, tensor => Assert.Equal((Slot.LayerOf(tensor.Key) == 1 ? donor : host)[tensor.Key].Values, tensor.Value.Values));
        Assert.Equal(Truth.Range(shape.Layers).Select(layer => layer == 1 ? 1 : -1), truth.Layers);
        Assert.All(truth.Neurons[0][0], neuron => Assert.Equal(-1, neuron));
    }

    [Fact]
    public void AMixtureIsNoDenseParent() =>
        Assert.Throws<ArgumentException>(() => Upcycling.Copies(2, 1).Apply(RandomDecoder.Create(FreshShapes.All(1)[4], 1), 1));

    private static IEnumerable<DecoderShape> Dense(ulong seed) => FreshShapes.All(seed).Where(shape => shape is { Experts: 0, LearnedPositions: false });
}
