using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class NeuronMapTests
{
    // Whole rows of the wider model would vary by what the narrower one never had.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lengths_are_compared_in_the_part_of_the_stream_that_both_have(bool suspectIsWider)
    {
        const int width = 96, kept = 64, neurons = 120;
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 8);
        var whole = Rows(width, () => (float)random.NextGaussian());
        var part = Rows(kept, () => 0);
        for (var v = 0; v < whole.Views.Count; v++)
        {
            for (var i = 0; i < neurons; i++)
            {
                whole.Views[v].AsSpan(i * width, kept).CopyTo(part.Views[v].AsSpan(i * kept, kept));
            }
        }

        var (suspect, reference) = suspectIsWider ? (whole, part) : (part, whole);
        var map = new ResidualMap(reference.Width, suspect.Width, new float[width * kept]);
        for (var i = 0; i < kept; i++)
        {
            map.Columns[(i * map.From) + i] = 1;
        }

        var fit = new CrossFit([0], [map, map], ["", ""], LayerAgreement.Empty([0], 1), [null, null]);
        var lengths = NeuronMap.Of(new AlignedPair(Input(suspect), Input(reference), fit), 0, 0, 1).LogLengths;
        Assert.True(lengths.Count > neurons / 2);
        Assert.All(lengths, unit => Assert.Equal(unit.Suspect, unit.Reference, 1e-3));
        Assert.All(lengths, unit => Assert.Equal(unit.SuspectFirst, unit.ReferenceFirst, 1e-3));

        MlpRows Rows(int columns, Func<float> draw) => new(
            0, -1, neurons, [.. Enumerable.Range(0, neurons)], columns, ["gate", "up", "down"],
            [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, neurons * columns).Select(_ => draw()).ToArray())], SignFree: true);
    }

    private static AlignmentInput Input(MlpRows rows) =>
        new(rows.Width, [new LayerInput([rows], new SortedDictionary<string, float[]>(StringComparer.Ordinal), [rows])], null, null);
}
