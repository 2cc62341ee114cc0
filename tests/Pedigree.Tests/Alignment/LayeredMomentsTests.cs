using Pedigree.Alignment;
using Pedigree.Evidence.Calibrated;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>The map from second moments layer by layer, without a vocabulary.</summary>
public sealed class LayeredMomentsTests
{
    // Trained on before the disguise, and after it in the basis that the disguise made.
    [Theory]
    [InlineData("noise:0.6 disguised")]
    [InlineData("disguised noise:0.7")]
    public void Hidden_children_are_found(string disguise)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Shape, seed);
        var (child, truth) = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        var (pair, agreement) = Judged(child, parent, seed);
        // A half of the layers may go without a map; none may have a wrong one.
        Assert.True(agreement.Convicts, $"{agreement.QuarterShare:0.00}");
        Assert.All(agreement.Links.Zip(truth.Layers), link => Assert.True(link.First < 0 || link.First == link.Second));
        Assert.All(pair.Fit.Start, start => Assert.NotEmpty(start));
    }

    [Fact]
    public void Strangers_stay_quiet()
    {
        var seed = PlantedUnits.FreshSeed();
        var (pair, agreement) = Judged(ManipulationNames.Disguise.Apply(RandomDecoder.Create(Shape, seed + 7), seed).Model, RandomDecoder.Create(Shape, seed), seed);
        Assert.False(agreement.Convicts);
        Assert.False(TwoViewHeads.Of(pair, UnrelatedAgreement.Heads, seed, 1, TestContext.Current.CancellationToken)!.Convicts);
    }

    private static DecoderShape Shape { get; } = new()
    {
        Layers = 6,
        Width = 96,
        QueryHeads = 6,
        KeyValueHeads = 3,
        HeadWidth = 16,
        Neurons = 240,
        Vocabulary = 64,
    };

    private static (AlignedPair Pair, TwoViewAgreement Agreement) Judged(DecoderModel suspect, DecoderModel reference, ulong seed)
    {
        using var one = ModelFiles.ToSource(suspect);
        using var two = ModelFiles.ToSource(reference);
        var (a, b) = (Folding.Of(one), Folding.Of(two));
        var reading = AlignmentReading.Within(a, b, long.MaxValue / 4)!;
        var (own, other) = AlignedPair.Read(a, b, null, reading, seed, 1, TestContext.Current.CancellationToken);
        var heads = new Pedigree.Anatomy.HeadLayout(Shape.QueryHeads, Shape.KeyValueHeads, Shape.HeadWidth, "given");
        var pair = AlignedPair.Of(own with { Heads = heads }, other with { Heads = heads }, 1, _ => { }, TestContext.Current.CancellationToken);
        return (pair, TwoViewAgreement.Of(pair, UnrelatedAgreement.Shares, 1, TestContext.Current.CancellationToken));
    }
}
