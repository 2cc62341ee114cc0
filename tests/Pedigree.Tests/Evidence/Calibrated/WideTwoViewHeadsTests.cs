using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Numerics;
using Pedigree.Tests.Alignment;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

/// <summary>Heads of models that are read a layer at a time, on models small enough to be held whole.</summary>
public sealed class WideTwoViewHeadsTests
{
    private static readonly DecoderShape s_shape = new()
    {
        Layers = 6,
        Width = 96,
        QueryHeads = 12,
        KeyValueHeads = 4,
        HeadWidth = 8,
        Neurons = 96,
        Vocabulary = 400,
    };

    // What a layer at a time gives is what the whole model gives, also where rows stand in two matrices and are never multiplied out.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sketches_are_those_of_the_whole_model(bool latent)
    {
        var seed = PlantedUnits.FreshSeed();
        using var source = Source(RandomDecoder.Create(s_shape, seed), latent, seed);
        var model = Folded(source);
        var reading = AlignmentReading.Within(model, model, long.MaxValue / 4)!;
        var (whole, probes) = (reading.Read(model, null, [], seed, 1, CancellationToken.None), HeadSketches.Draw(s_shape.Width, seed));
        var expected = HeadSketches.Of(whole, [2], probes, 1)[0];
        var attention = WideAttention.Of(model, 2)!;
        Assert.All(attention.Sketch([probes, probes], 2, TestContext.Current.CancellationToken), sketches =>
        {
            Assert.Equal(expected.Heads, sketches.Heads);
            Assert.All(expected.LogLengths.Zip(sketches.LogLengths), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
            Alike(expected.QueryKey, sketches.QueryKey);
            Alike(expected.ValueOutput, sketches.ValueOutput);
        });
        var (one, two) = (HeadSketches.Products(whole, 2, 7), attention.Products(7));
        Assert.Equal((one.QueryKey.Shape, one.ValueOutput.Shape), (two.QueryKey.Shape, two.ValueOutput.Shape));
        Assert.Equal(1, one.QueryKey.Cosine(two.QueryKey), 1e-4);
        Assert.Equal(1, one.ValueOutput.Cosine(two.ValueOutput), 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_model_with_new_experts_is_found_and_a_stranger_is_not(bool latent)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(s_shape, seed);
        using var reference = Source(parent, latent, 0);
        var child = Manipulation.Composed(Upcycling.Fresh(4), ManipulationNames.Parse("residual-rotated residual-scaled heads-permuted")).Apply(parent, seed + 1).Model;
        foreach (var (model, isChild) in new[] { (child, true), (ManipulationNames.Parse("residual-rotated").Apply(RandomDecoder.Create(s_shape, seed + 7), seed).Model, false) })
        {
            using var suspect = Source(model, latent, seed);
            var (one, two) = (Folded(suspect), Folded(reference));
            int[] tokens = [.. Enumerable.Range(0, s_shape.Vocabulary)];
            var wide = WidePlan.Within(one, two, tokens.Length, byInvariants: false, long.MaxValue / 4, out _)!;
            var search = new WideSearch(one, two, wide, (tokens, tokens), seed, 2, _ => { }, TestContext.Current.CancellationToken);
            Assert.True(search.Run(0.15).Neurons.Values.All(layer => layer.Pairs.Count < 15));
            Assert.Equal(2, search.Unshaped.Count);
            var plan = WideHeadPlan.Within(one, two, long.MaxValue / 4, out _)!;
            var read = Math.Max(suspect.BytesRead, reference.BytesRead);
            var result = WideTwoViewHeads.Of(one, two, plan, search.Unshaped, UnrelatedAgreement.Heads, seed, 2, _ => { }, TestContext.Current.CancellationToken)!;
            Assert.InRange(Math.Max(suspect.BytesRead, reference.BytesRead) - read, 1, plan.Bytes + (plan.Bytes / 10));
            Assert.Equal(s_shape.Layers * s_shape.QueryHeads, result.Held.Total);
            Assert.Equal(isChild, result.Convicts);
            Assert.Equal(isChild, result.Starts.Count == WideHeadPlan.MultipliedOut);
            Assert.Equal(isChild, result.SharedTraining);
            Assert.Contains("6 of the suspect's 6 layers", result.Item()!.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_planned_that_cannot_be_paid_for()
    {
        using var source = ModelFiles.ToSource(RandomDecoder.Create(s_shape, 1));
        var model = Folded(source);
        var all = WideHeadPlan.Within(model, model, long.MaxValue / 4, out _)!;
        var less = WideHeadPlan.Within(model, model, all.Bytes - 1, out _)!;
        Assert.True(less.Bytes < all.Bytes);
        Assert.Null(WideHeadPlan.Within(model, model, 1000, out var needed));
        Assert.InRange(needed, 1001, less.Bytes);
        Assert.NotNull(WideHeadPlan.Within(model, model, needed, out _));
        Assert.Null(WideHeadPlan.Within(model, new FoldedModel(new ModelReader(source, model.Stored.Anatomy with { Heads = null })), long.MaxValue / 4, out var none));
        Assert.Equal(0, none);
    }

    private static void Alike(float[] expected, float[] found)
    {
        var scale = Math.Sqrt(expected.Average(value => (double)value * value));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * scale));
    }

    private static MemorySource Source(DecoderModel model, bool latent, ulong disguise)
    {
        if (!latent)
        {
            return ModelFiles.ToSource(model);
        }

        var made = LatentDecoder.Of(model, 64, 48, 4);
        return (disguise > 0 ? made.Disguised(disguise).Model : made).ToSource();
    }

    private static FoldedModel Folded(ITensorSource source)
    {
        var anatomy = AnatomyReader.Read(source);
        var isLatent = anatomy.Find(new Role(Part.KeyFromLatent, 0)) is not null;
        return new FoldedModel(new ModelReader(source, isLatent ? anatomy : anatomy with { Heads = new HeadLayout(s_shape.QueryHeads, s_shape.KeyValueHeads, s_shape.HeadWidth, "given") }));
    }
}
