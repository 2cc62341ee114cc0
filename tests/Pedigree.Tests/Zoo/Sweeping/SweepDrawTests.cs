using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Sweeping;
using Xunit;

namespace Pedigree.Tests.Zoo.Sweeping;

public sealed class SweepDrawTests
{
    [Fact]
    public void Compositions_have_two_to_four_different_steps_and_come_again_with_their_seed()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = SweepDraw.Shape(seed) with { Layers = 2 };
        Assert.InRange(shape.Width, 64, 160);
        Assert.Equal(shape, SweepDraw.Shape(seed) with { Layers = 2 });
        var parent = RandomDecoder.Create(shape, seed);
        var composition = SweepDraw.Composition(parent, seed, "A", TestContext.Current.CancellationToken);
        Assert.Equal(composition.Name, SweepDraw.Composition(parent, seed, "A", TestContext.Current.CancellationToken).Name);
        string[] kinds = [.. composition.Name.Split(' ').Select(step => step.Split(':')[0])];
        Assert.InRange(kinds.Length, 2, 4);
        Assert.Equal(kinds.Length, kinds.Distinct().Count());
    }
}
