using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

public sealed class ManipulationNamesTests
{
    private const string All =
        "residual-padded:6 dead-neurons:3 duplicated-neurons:2 split-neurons:2 tokens-added:5 tokens-kept:0.75 layers:0,1,1,0 layers-dropped:1 " +
        "layers-repeated:1 idle-layers:1 fresh-layers:1 noise:0.7 low-rank:2,0.3 sparse:0.05,0.5 width-pruned:0.75,norm int8:0 int4:32 stored:f8e4m3 disguised";

    [Fact]
    public void NamesSurviveReading()
    {
        Assert.Equal(All, ManipulationNames.Parse(All).Name);
        Assert.All(ManipulationNames.Plain, manipulation => Assert.Same(manipulation, ManipulationNames.Parse(manipulation.Name)));
    }

    [Fact]
    public void TheSameSeedMakesTheSameChildAndAnotherSeedAnother()
    {
        var parent = RandomDecoder.Create(FreshShapes.All(5)[0], 5);
        var before = parent.Copy();
        var composed = ManipulationNames.Parse(All);
        var (first, again, other) = (composed.Apply(parent, 1).Model, composed.Apply(parent, 1).Model, composed.Apply(parent, 2).Model);
        Assert.All(first.Tensors, tensor => Assert.Equal(tensor.Value.Values, again[tensor.Key].Values));
        Assert.NotEqual(first[Slot.Embedding].Values, other[Slot.Embedding].Values);
        Assert.All(before.Tensors, tensor => Assert.Equal(tensor.Value.Values, parent[tensor.Key].Values));
    }

    [Theory]
    [InlineData("no-such-thing")]
    [InlineData("noise")]
    [InlineData("noise:x")]
    [InlineData("int4:-1")]
    [InlineData("width-pruned:0.5,upside-down")]
    public void WhatIsNoManipulationIsRefused(string text) => Assert.Throws<FormatException>(() => ManipulationNames.Parse(text));
}
