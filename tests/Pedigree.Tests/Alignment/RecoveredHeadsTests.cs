using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;
using StreamMap = Pedigree.Alignment.ResidualMap;

namespace Pedigree.Tests.Alignment;

/// <summary>Heads and experts of a map, under the true map of the stream, against the truth that the manipulations state.</summary>
public sealed class RecoveredHeadsTests
{
    // Rows of cosine c with their counterparts have a residual of √(2 - 2c): 0.45 at 0.9. Fitting takes a little of it away, and noise in both of a pair of matrices adds a little.
    [Theory]
    [InlineData("disguised", 0, 0.02)]
    [InlineData("noise:0.9 disguised", 0, 0.6)]
    [InlineData("disguised", 8, 0.02)]
    public void Heads_and_experts_come_back_with_what_was_done_inside_them(string disguise, int experts, double residual)
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = new DecoderShape
        {
            Layers = 2,
            Width = 96,
            QueryHeads = 6,
            KeyValueHeads = 3,
            HeadWidth = 16,
            Neurons = 96,
            Vocabulary = 64,
            Experts = experts,
            ActiveExperts = experts > 0 ? 2 : 0,
            Gated = true,
        };
        var parent = RandomDecoder.Create(shape, seed);
        var child = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var (suspect, reference) = (Folded(one), Folded(two));
        var stream = TrueStream.Of(child);
        var map = new RecoveredMap(stream, [])
        {
            Heads = [.. Enumerable.Range(0, 2).Select(layer => RecoveredHeads.Of(AttentionRows.Read(suspect, layer)!, AttentionRows.Read(reference, layer)!.In(stream, 2), (layer, layer), 2)!)],
            Experts = [.. Enumerable.Range(0, 2).Select(layer => RecoveredExperts.Of(suspect, reference, (layer, layer), stream, 2)).OfType<RecoveredExperts>()],
        };
        foreach (var heads in map.Heads)
        {
            Assert.Equal(heads.SuspectHeads.Select(head => child.Truth.QueryHeads[heads.SuspectLayer][head]), heads.ReferenceHeads);
            Assert.Equal(heads.SuspectGroups.Select(group => child.Truth.KeyValueHeads[heads.SuspectLayer][group]), heads.ReferenceGroups);
            Assert.Equal(6, heads.SuspectHeads.Length);
        }

        Assert.Equal(experts > 0 ? 2 : 0, map.Experts.Count);
        Assert.All(map.Experts, found => Assert.Equal(child.Truth.Experts[found.SuspectLayer], found.Reference));
        var kinds = MapResiduals.Measure(suspect, reference, map, 2, TestContext.Current.CancellationToken);
        Assert.Equal(experts > 0 ? 5 : 4, kinds.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', kinds.Select(kind => $"{kind.Kind} {kind.Residual:0.000} {kind.ShiftedResidual:0.000}")));
        Assert.All(kinds, kind => Assert.InRange(kind.Residual, 0, residual));
        Assert.All(kinds, kind => Assert.InRange(kind.ShiftedResidual, 1, 1.8));
    }

    // Keys that a rotary embedding turns may be turned and stretched by pairs alone; where the rows are in another order, any matrix must do.
    [Theory]
    [InlineData(nameof(RotaryPairs.Halves))]
    [InlineData(nameof(RotaryPairs.Neighbours))]
    [InlineData(nameof(RotaryPairs.None))]
    public void A_matrix_inside_a_head_is_found_from_both_sides(string kind)
    {
        var pairs = Enum.Parse<RotaryPairs>(kind);
        const int size = 8;
        const int width = 64;
        var random = new Pedigree.Numerics.CounterRandom(PlantedUnits.FreshSeed(), 1);
        var truth = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            truth[(i * size) + i] = pairs == RotaryPairs.None ? 1 : truth[(i * size) + i];
            if (pairs != RotaryPairs.None && i < size / 2)
            {
                var (one, two) = pairs == RotaryPairs.Halves ? (i, i + (size / 2)) : (2 * i, (2 * i) + 1);
                var (real, imaginary) = ((float)(1 + random.NextGaussian()), (float)random.NextGaussian());
                (truth[(one * size) + one], truth[(two * size) + two]) = (real, real);
                (truth[(two * size) + one], truth[(one * size) + two]) = (imaginary, -imaginary);
            }

            for (var j = 0; j < i && pairs == RotaryPairs.None; j++)
            {
                truth[(i * size) + j] = (float)(0.3 * random.NextGaussian());
            }
        }

        var (keys, queries) = (PlantedUnits.Gaussian(ref random, size * width), PlantedUnits.Gaussian(ref random, 2 * size * width));
        var inverse = HeadBasis.Counterpart(truth, size)!;
        float[] turned = [.. HeadBasis.Apply(inverse, queries.AsSpan(0, size * width), size), .. HeadBasis.Apply(inverse, queries.AsSpan(size * width), size)];
        var found = HeadBasis.Fit((HeadBasis.Apply(truth, keys, size), keys), (turned, queries), size, width, pairs);
        var scale = truth.Max(Math.Abs);
        for (var i = 0; i < truth.Length; i++)
        {
            Assert.Equal(truth[i], found[i], 1e-3 * scale);
        }
    }

    [Fact]
    public void A_matrix_without_an_inverse_has_no_counterpart() => Assert.Null(HeadBasis.Counterpart(new float[4], 2));

    // Heads of made-up decoders have no content that would show where one ends.
    private static FoldedModel Folded(ITensorSource source) => new(new ModelReader(source, AnatomyReader.Read(source) with { Heads = new HeadLayout(6, 3, 16, "given") }));
}
