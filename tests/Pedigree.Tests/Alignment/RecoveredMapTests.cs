using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;
using StreamMap = Pedigree.Alignment.ResidualMap;

namespace Pedigree.Tests.Alignment;

/// <summary>Maps that undo a disguise, against the truth that the manipulations state.</summary>
public sealed class RecoveredMapTests
{
    [Fact]
    public void A_permutation_is_recovered_exactly()
    {
        var seed = PlantedUnits.FreshSeed();
        var (found, truth, child) = Recovered("residual-permuted neurons-permuted noise:0.8", Shape(seed, 96, 4), seed, trueStart: false);
        Assert.Equal(truth.Columns, found.Stream!.Columns);
        Assert.Equal(4, found.Layers.Count);
        foreach (var layer in found.Layers)
        {
            Assert.Equal(layer.SuspectSeats.Select(seat => child.Truth.Neurons[layer.SuspectLayer][0][seat]), layer.ReferenceSeats);
        }
    }

    [Fact]
    public void A_rotation_is_recovered_as_well_as_with_the_true_matching()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = Shape(seed, 256, 6);
        const string disguise = "residual-rotated neurons-permuted noise:0.9";
        var (found, truth, _) = Recovered(disguise, shape, seed, trueStart: false);
        var (ideal, _, _) = Recovered(disguise, shape, seed, trueStart: true);
        var (error, best) = (Error(found.Stream!, truth), Error(ideal.Stream!, truth));
        TestContext.Current.TestOutputHelper?.WriteLine($"{error:0.0000} against {best:0.0000} with the true matching");
        Assert.InRange(error, 0, 1.3 * best);
        Assert.InRange(error, 0, 0.05);
    }

    private static DecoderShape Shape(ulong seed, int width, int layers) =>
        RandomDecoder.DrawShape(seed, width, layers, 640) with { Experts = 0, ActiveExperts = 0, Neurons = 4 * width, Norm = NormKind.RootMeanSquare, LearnedPositions = false, Gated = true, MlpBias = false, OutputBias = false, Activation = Activation.Silu };

    private static (RecoveredMap Found, StreamMap Truth, Derivation Child) Recovered(string disguise, DecoderShape shape, ulong seed, bool trueStart)
    {
        var parent = RandomDecoder.Create(shape, seed);
        var child = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var (a, b) = (new FoldedModel(new ModelReader(one, AnatomyReader.Read(one))), new FoldedModel(new ModelReader(two, AnatomyReader.Read(two))));
        var truth = TrueStream.Of(child);
        var token = TestContext.Current.CancellationToken;
        if (trueStart)
        {
            NeuronMap[] neurons = [.. Enumerable.Range(0, shape.Layers).Select(layer => new NeuronMap(
                layer, layer, [.. child.Truth.Neurons[layer][0].Select((neuron, seat) => new NeuronPair(seat, neuron, 1.0))], [], 3))];
            return (RecoveredMap.Of(a, b, neurons, truth, 2, token), truth, child);
        }

        var reading = AlignmentReading.Within(a, b, long.MaxValue / 4)!;
        var (suspect, reference) = AlignedPair.Read(a, b, TokenJoin.ByToken(one, two, 5000, 5000), reading, seed, 2, token);
        var (pair, agreement) = HiddenSearch.Run(suspect, reference, UnrelatedAgreement.Shares, 2, _ => { }, token);
        var maps = Enumerable.Range(0, shape.Layers).Where(layer => agreement.Links[layer] >= 0).Select(layer => NeuronMap.Of(pair, layer, agreement.Links[layer], 2)).ToArray();
        return (RecoveredMap.Of(a, b, maps, pair.Fit.Maps[0], 2, token), truth, child);
    }

    // ‖Û - U‖ over the root of the width (Frobenius).
    private static double Error(StreamMap found, StreamMap truth) =>
        Math.Sqrt(found.Columns.Zip(truth.Columns, (one, two) => ((double)one - two) * ((double)one - two)).Sum() / truth.To);
}
