using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

public sealed class FunctionKeepingTests
{
    // Values are rounded to 32-bit floats once a step: 6e-8 each, grown by the depth and by what cancels.
    private const double Tolerance = 1e-5;

    private static readonly Manipulation[] s_symmetries =
    [
        ResidualSymmetries.Permuted, ResidualSymmetries.Rotated, ResidualSymmetries.NewGains, ResidualSymmetries.Scaled, ResidualSymmetries.Padded(6),
        NeuronSymmetries.Permuted, NeuronSymmetries.Scaled, NeuronSymmetries.DeadAdded(5), NeuronSymmetries.Split(4, true), NeuronSymmetries.Split(4, false),
        NeuronSymmetries.ExpertsPermuted, NeuronSymmetries.RoutersShifted,
        HeadSymmetries.Permuted, HeadSymmetries.QueryKeyMapped, HeadSymmetries.ValueOutputMapped, HeadSymmetries.BiasesMoved,
        VocabularyChanges.Reordered, VocabularyChanges.Extended(7), DepthChanges.IdleInserted(2),
    ];

    [Fact]
    public void EachSymmetryKeepsTheLogitsOfEachShape()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            var parent = RandomDecoder.Create(shape, seed);
            foreach (var symmetry in s_symmetries)
            {
                AssertKept(parent, symmetry, seed);
            }
        }
    }

    [Fact]
    public void EachSymmetryChangesWhatItIsNamedFor()
    {
        var seed = PlantedUnits.FreshSeed();
        var shapes = FreshShapes.All(seed);
        foreach (var symmetry in s_symmetries)
        {
            Assert.Contains(shapes, shape =>
            {
                var parent = RandomDecoder.Create(shape, seed);
                var child = symmetry.Apply(parent, seed).Model;
                return child.Shape != shape || parent.Tensors.Any(tensor => !tensor.Value.Values.SequenceEqual(child[tensor.Key].Values));
            });
        }
    }

    [Fact]
    public void RandomCompositionsKeepTheLogits()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 7);
        foreach (var shape in FreshShapes.All(seed))
        {
            var parent = RandomDecoder.Create(shape, seed);
            for (var round = 0; round < 3; round++)
            {
                var steps = Enumerable.Range(0, 2 + random.NextInt(3)).Select(_ => s_symmetries[random.NextInt(s_symmetries.Length)]).ToArray();
                AssertKept(parent, Manipulation.Composed(steps), random.NextUInt64());
            }
        }
    }

    // What one rounding of each value does: a model drawn so that it magnifies rounding is measured by that.
    private static double RoundingOf(DecoderModel model, int[] tokens)
    {
        var random = new CounterRandom(9, 9);
        return DecoderForward.RelativeDifference(model, model.Map((_, weights) => weights.Map(value => random.NextInt(2) == 0 ? MathF.BitIncrement(value) : value)), tokens);
    }

    private static void AssertKept(DecoderModel parent, Manipulation manipulation, ulong seed)
    {
        var random = new CounterRandom(seed, 8);
        int[] tokens;
        do
        {
            tokens = [.. Enumerable.Range(0, 8).Select(_ => random.NextInt(parent.Shape.Vocabulary))];
        }
        while (DecoderForward.RouterMargin(parent, tokens) < 1e-3);

        var (child, truth) = manipulation.Apply(parent, seed);
        Assert.True(truth.KeepsFunction);
        var difference = DecoderForward.RelativeDifference(parent, child, tokens, truth.Tokens);
        Assert.True(difference < Math.Max(Tolerance, 100 * RoundingOf(parent, tokens)), $"{manipulation.Name} on {parent.Shape}: {difference:g3}");
    }
}
