using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Evidence.Calibrated;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

/// <summary>The test on attention. Heads of made-up decoders have no content that would show where one ends, so their layout is given here.</summary>
public sealed class TwoViewHeadsTests
{
    [Fact]
    public void Heads_are_mapped_whatever_their_order_and_inner_basis()
    {
        var (shape, seed) = Fresh(1);
        var parent = RandomDecoder.Create(shape, seed);
        var child = ManipulationNames.Parse("heads-permuted query-key-mapped value-output-mapped noise:0.9").Apply(parent, seed + 1);
        var probes = HeadSketches.Draw(shape.Width, seed);
        var (one, two) = (Read(child.Model, seed), Read(parent, seed));
        int[] layers = [.. Enumerable.Range(0, shape.Layers)];
        var agreement = HeadAgreement.Of(HeadSketches.Of(one, layers, probes, 1), HeadSketches.Of(two, layers, probes, 1));
        Assert.Equal(shape.Layers * shape.QueryHeads, agreement.AllAgreeing);
        Assert.All(layers, layer => Assert.All(agreement.Pairs[layer], pair =>
        {
            Assert.Equal(layer, pair.Layer);
            Assert.Equal(child.Truth.QueryHeads[layer][pair.Suspect], pair.Reference);
        }));
    }

    [Fact]
    public void A_hidden_model_that_kept_attention_alone_is_found()
    {
        var (drawn, seed) = Fresh(2);
        // So many heads that what two starts can have in common is told from what was trained.
        var shape = drawn with { Layers = 10, QueryHeads = 8, KeyValueHeads = 8, Width = 128, Neurons = 128 };
        var parent = RandomDecoder.Create(shape, seed);
        var child = Manipulation.Composed(Upcycling.Fresh(4), ManipulationNames.Parse("disguised noise:0.9")).Apply(parent, seed + 1).Model;
        using var one = ModelFiles.ToSource(child);
        using var two = ModelFiles.ToSource(parent);
        var result = PairComparison.Measure(
            Reader(one, child.Shape), Reader(two, shape), [], new ReadingPlan(seed, true, long.MaxValue / 4), 2, null, null, TestContext.Current.CancellationToken).Result(0, null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{shape}: {result.Verdict.Headline}");
        Assert.Equal("related", result.Verdict.Relation);
        Assert.Equal("calibrated", result.Verdict.Tier);
        Assert.Contains(result.Kinds, kind => kind.Kind == "attention-inherited");
        // Attention alone: far from all of a mixture whose experts are new.
        Assert.InRange(result.InheritedShare!.Value, 0.001, 0.5);
    }

    [Fact]
    public void Heads_of_unrelated_models_stay_quiet()
    {
        for (ulong draw = 10; draw < 13; draw++)
        {
            var (shape, seed) = Fresh(draw);
            var stranger = ManipulationNames.Parse("disguised").Apply(RandomDecoder.Create(shape, seed + 7), seed + 1).Model;
            var pair = AlignedPair.Of(Read(stranger, seed), Read(RandomDecoder.Create(shape, seed), seed), 2, _ => { }, TestContext.Current.CancellationToken);
            var result = TwoViewHeads.Of(pair, UnrelatedAgreement.Heads, seed, 2, TestContext.Current.CancellationToken)!;
            Assert.Equal(shape.Layers * shape.QueryHeads, result.Held.Total);
            Assert.False(result.Convicts, $"{shape}: {result.Share}");
            Assert.InRange(result.Log10Chance, -6, 0);
        }
    }

    [Fact]
    public void Few_heads_are_said_to_be_too_few()
    {
        // Two layers of two heads: even all four agreeing would be no more than chance may give.
        var held = new HeadAgreement([0, 1], [2, 2], [[(0, 0, 0), (1, 0, 1)], [(0, 1, 0), (1, 1, 1)]], 2);
        var result = new TwoViewHeads(held, 0.1, 15, 0, []);
        Assert.Equal(1, result.Share);
        Assert.False(result.CanConvict);
        Assert.False(result.Convicts);
    }

    private static AlignmentInput Read(DecoderModel model, ulong seed)
    {
        using var source = ModelFiles.ToSource(model);
        var folded = new FoldedModel(Reader(source, model.Shape));
        var reading = AlignmentReading.Within(folded, folded, long.MaxValue / 4)!;
        return reading.Read(folded, reading.SuspectLayers, [.. Enumerable.Range(0, model.Shape.Vocabulary)], seed, 1, CancellationToken.None);
    }

    private static ModelReader Reader(Pedigree.Checkpoints.ITensorSource source, DecoderShape shape) => new(
        source, AnatomyReader.Read(source) with { Heads = new HeadLayout(shape.QueryHeads, shape.KeyValueHeads, shape.HeadWidth, "given") });

    private static (DecoderShape Shape, ulong Seed) Fresh(ulong draw)
    {
        var seed = CounterRandom.Mix(PlantedUnits.FreshSeed(), draw);
        var random = new CounterRandom(seed, 1);
        var heads = 6 + (2 * random.NextInt(2));
        return (new DecoderShape
        {
            Layers = 4,
            Width = 16 * heads,
            QueryHeads = heads,
            KeyValueHeads = heads / (1 + random.NextInt(2)),
            HeadWidth = 16,
            Neurons = 32 * heads,
            Vocabulary = 512,
            QueryKeyValueBias = random.NextInt(2) == 0,
            Tied = random.NextInt(3) == 0,
        }, seed);
    }
}
