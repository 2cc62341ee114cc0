using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>Heads of latent attention, compared in any basis.</summary>
public sealed class LatentRowsTests
{
    [Fact]
    public void Nothing_that_keeps_the_function_changes_a_product()
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = LatentDecoder.Of(RandomDecoder.Create(Shape, seed), 48, 40, 4);
        var (child, heads) = parent.Disguised(seed + 1);
        using var one = child.ToSource();
        using var two = parent.ToSource();
        var (suspect, reference) = (Read(one, seed), Read(two, seed));
        FoldedModel own = new(Reader(one)), other = new(Reader(two));
        var map = new RecoveredMap(null, [])
        {
            Heads = [.. Enumerable.Range(0, Shape.Layers).Select(layer => RecoveredHeads.Of(AttentionRows.Read(own, layer)!, AttentionRows.Read(other, layer)!, (layer, layer), 2)!)],
        };
        Assert.All(map.Heads, found => Assert.Equal(heads[found.SuspectLayer], found.ReferenceHeads));
        Assert.All(MapResiduals.Measure(own, other, map, 2, TestContext.Current.CancellationToken), kind => Assert.InRange(kind.Residual, 0, 0.02));
        Assert.Equal(new LatentShape(48, 40, 4), suspect.Layers[1].Latent);
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            for (var head = 0; head < Shape.QueryHeads; head++)
            {
                var (product, origin) = (HeadSketches.Products(suspect, layer, head), HeadSketches.Products(reference, layer, heads[layer][head]));
                Assert.Equal(1, product.QueryKey.Cosine(origin.QueryKey), 1e-3);
                Assert.Equal(1, product.ValueOutput.Cosine(origin.ValueOutput), 1e-3);
                Assert.Equal(product.QueryKey.LogNorm(), origin.QueryKey.LogNorm(), 1e-3);
                Assert.Equal(product.ValueOutput.LogNorm(), origin.ValueOutput.LogNorm(), 1e-3);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_with_new_experts_is_found_by_its_latent_attention(bool latentReference)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Shape, seed);
        var dense = Manipulation.Composed(Upcycling.Fresh(4), ManipulationNames.Parse("residual-rotated residual-scaled")).Apply(parent, seed + 1).Model;
        using var one = LatentDecoder.Of(dense, 56, 48, 4).Disguised(seed + 2).Model.Noisy(latentReference ? 1 : 0.9, seed).ToSource();
        using ITensorSource two = latentReference ? LatentDecoder.Of(parent, 56, 48, 4).ToSource() : Pedigree.Zoo.Storage.ModelFiles.ToSource(parent);
        var reference = new ModelReader(two, latentReference ? AnatomyReader.Read(two) : AnatomyReader.Read(two) with { Heads = new HeadLayout(Shape.QueryHeads, Shape.KeyValueHeads, Shape.HeadWidth, "given") });
        var result = PairComparison.Measure(
            Reader(one), reference, [], new ReadingPlan(seed, true, long.MaxValue / 4), 2, null, null, TestContext.Current.CancellationToken).Result(0, null);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Verdict.Headline);
        Assert.Contains(result.Kinds, kind => kind.Kind == "attention-inherited");
        // Ranks cut different things off where only one of the two was converted.
        Assert.True(!latentReference || result.Verdict.Relation == "related", result.Verdict.Headline);
    }

    [Fact]
    public void Strangers_stay_quiet()
    {
        var seed = PlantedUnits.FreshSeed();
        using var one = LatentDecoder.Of(ManipulationNames.Parse("residual-rotated").Apply(RandomDecoder.Create(Shape, seed + 7), seed).Model, 56, 48, 4).ToSource();
        using var two = LatentDecoder.Of(RandomDecoder.Create(Shape, seed), 56, 48, 4).ToSource();
        var pair = AlignedPair.Of(Read(one, seed), Read(two, seed), 2, _ => { }, TestContext.Current.CancellationToken);
        var result = TwoViewHeads.Of(pair, UnrelatedAgreement.Heads, seed, 2, TestContext.Current.CancellationToken)!;
        Assert.Equal(Shape.Layers * Shape.QueryHeads, result.Held.Total);
        Assert.False(result.Convicts, $"{result.Share}");
        Assert.InRange(result.Log10Chance, -6, 0);
    }

    private static DecoderShape Shape { get; } = new()
    {
        Layers = 4,
        Width = 96,
        QueryHeads = 8,
        KeyValueHeads = 4,
        HeadWidth = 12,
        Neurons = 96,
        Vocabulary = 400,
    };

    private static AlignmentInput Read(ITensorSource source, ulong seed)
    {
        var folded = new FoldedModel(Reader(source));
        var reading = AlignmentReading.Within(folded, folded, long.MaxValue / 4)!;
        return reading.Read(folded, reading.SuspectLayers, [.. Enumerable.Range(0, Shape.Vocabulary)], seed, 1, CancellationToken.None);
    }

    private static ModelReader Reader(ITensorSource source)
    {
        var anatomy = AnatomyReader.Read(source);
        Assert.Equal((Shape.QueryHeads, Shape.HeadWidth + 4), (anatomy.Heads?.Query, anatomy.Heads?.Dimension));
        return new ModelReader(source, anatomy);
    }
}
