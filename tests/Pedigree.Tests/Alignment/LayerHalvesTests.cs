using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class LayerHalvesTests
{
    [Theory]
    [InlineData(new[] { 0.0, 0, 0, 0, 0, 0 }, new[] { 0, 1, 0, 1, 0, 1 })]
    [InlineData(new[] { 0.5, 0, 0.5, 0, 0.5, 0 }, new[] { 0, 1, 1, 0, 0, 1 })]
    [InlineData(new[] { 0.0, 0.5, 0.5, 0, 0, 0 }, new[] { 0, 0, 1, 1, 0, 1 })]
    public void Layers_that_agree_are_dealt_to_both_halves(double[] seen, int[] expected)
    {
        const int width = 32, neurons = 160;
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 9);
        var rows = Enumerable.Range(0, seen.Length).Select(layer => new MlpRows(
            layer, -1, neurons, [.. Enumerable.Range(0, neurons)], width, ["up", "down"],
            [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, neurons * width).Select(_ => (float)random.NextGaussian()).ToArray())], SignFree: false)).ToArray();
        var model = new AlignmentInput(width, [.. rows.Select(mlp => new LayerInput([mlp], new SortedDictionary<string, float[]>(StringComparer.Ordinal)))], null, null);
        var halves = LayerHalves.Of(
            [.. rows.Select((mlp, layer) => (layer, (IReadOnlyList<StandardRows>)[StandardRows.Of(mlp)]))], model, seen, 1, TestContext.Current.CancellationToken);
        Assert.Equal(expected, halves);
    }
}
