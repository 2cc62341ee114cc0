using Pedigree.Alignment;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>Alignment without a vocabulary, layer by layer, from what no basis changes.</summary>
public sealed class InvariantStartsTests
{
    [Theory]
    [InlineData("noise:0.8 disguised", 112, 4)]
    [InlineData("noise:0.8 layers-dropped:1 residual-rotated neurons-permuted", 128, 4)]
    [InlineData("noise:0.8 disguised", 272, 2)]
    public void Hidden_children_are_found_without_a_vocabulary(string disguise, int width, int layers)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Shape(width, layers), seed);
        var child = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        var agreement = Judged(child.Model, parent, seed);
        Assert.True(agreement.Convicts);
        Assert.Equal(child.Truth.Layers, agreement.Links);
    }

    [Fact]
    public void Strangers_stay_quiet()
    {
        var seed = PlantedUnits.FreshSeed();
        Assert.False(Judged(RandomDecoder.Create(Shape(112, 4), seed + 7), RandomDecoder.Create(Shape(112, 4), seed), seed).Convicts);
    }

    // What two innocents may have in common without a common origin: dead and repeated neurons at the same seats.
    [Theory]
    [InlineData("dead-neurons:48")]
    [InlineData("duplicated-neurons:48")]
    public void Dead_and_repeated_neurons_of_both_sides_accuse_nobody(string both)
    {
        var seed = PlantedUnits.FreshSeed();
        var change = ManipulationNames.Parse(both);
        var agreement = Judged(
            change.Apply(RandomDecoder.Create(Shape(96, 4), seed + 7), seed).Model, change.Apply(RandomDecoder.Create(Shape(96, 4), seed), seed).Model, seed);
        Assert.False(agreement.Convicts, $"{agreement.QuarterShare:0.000} of {agreement.Threshold:0.000}");
    }

    [Fact]
    public void A_rotation_an_order_and_scales_change_no_invariant()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        const int count = 60, width = 24;
        // Far from singular, so that its factor is a rotation.
        var near = PlantedUnits.Gaussian(ref random, width * width);
        for (var i = 0; i < width; i++)
        {
            near[(i * width) + i] += 15;
        }

        var rotation = OrthogonalFactor.Of(near, width, width, 1, TestContext.Current.CancellationToken)!;
        var order = random.Permutation(count);
        float[][] views = [.. Enumerable.Range(0, 3).Select(_ => PlantedUnits.Gaussian(ref random, count * width))];
        var directions = PlantedUnits.Gaussian(ref random, width * width);
        var turned = new float[width * width];
        RowProducts.Multiply(directions, width, rotation, width, width, turned);
        float[][] others = [.. views.Select((view, v) =>
        {
            var rows = new float[count * width];
            RowProducts.Multiply([.. order.SelectMany(i => view.AsSpan(i * width, width).ToArray().Select(value => value * (v == 0 ? 1 : -2)))], count, rotation, width, width, rows);
            return rows;
        })];
        var one = NeuronInvariants.Of(Rows(views), [directions], 1);
        var two = NeuronInvariants.Of(Rows(others), [turned], 1);
        var match = NeuronInvariants.Match(two, one, 1);
        Assert.Equal(order, match.Match);
        Assert.All(match.Weights, weight => Assert.True(weight > 0));

        MlpRows Rows(float[][] values) => new(0, -1, count, [.. Enumerable.Range(0, count)], width, ["gate", "up", "down"], values, true);
    }

    private static DecoderShape Shape(int width, int layers) => new()
    {
        Layers = layers,
        Width = width,
        QueryHeads = width / 16,
        KeyValueHeads = width / 16,
        HeadWidth = 16,
        Neurons = 3 * width,
        Vocabulary = 64,
    };

    private static TwoViewAgreement Judged(DecoderModel suspect, DecoderModel reference, ulong seed)
    {
        using var one = ModelFiles.ToSource(suspect);
        using var two = ModelFiles.ToSource(reference);
        var (a, b) = (Folding.Of(one), Folding.Of(two));
        var reading = AlignmentReading.Within(a, b, long.MaxValue / 4)!;
        var (own, other) = AlignedPair.Read(a, b, null, reading, seed, 1, TestContext.Current.CancellationToken);
        return TwoViewAgreement.Of(
            AlignedPair.OfLayers(own, other, 1, _ => { }, TestContext.Current.CancellationToken), UnrelatedAgreement.Shares, 1, TestContext.Current.CancellationToken);
    }
}
