using Pedigree.Alignment;
using Pedigree.Evidence.Calibrated;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

public sealed class TwoViewAgreementTests
{
    [Fact]
    public void Convicts_only_beyond_three_times_the_largest_control_in_a_quarter_of_the_layers()
    {
        // Eight layers of 1,000 neurons; layers that do not correspond agree on 20 at most, unrelated pairs reach 5 %, so a layer counts from 15 %.
        Assert.True(Judge([[400, 10], [400, 10], [10, 20], [10, 20], [10, 20], [10, 20], [10, 20], [10, 20]]).Convicts);
        Assert.False(Judge([[400, 10], [140, 10], [10, 20], [10, 20], [10, 20], [10, 20], [10, 20], [10, 20]]).Convicts);
    }

    [Fact]
    public void Universal_features_of_one_layer_do_not_convict_an_unrelated_pair()
    {
        // What we measured on two unrelated models of one vocabulary: 7 % in one layer, 2.3 % elsewhere. Three times the layers of the pair itself would accuse.
        var result = Judge([[72, 10], [23, 4], [10, 22], [9, 20]], unrelated: 0.07);
        Assert.True(result.QuarterShare > TwoViewAgreement.Margin * 0.023);
        Assert.False(result.Convicts);
    }

    [Fact]
    public void Similar_layers_of_one_model_raise_the_threshold()
    {
        var result = Judge([[450, 200], [180, 460]]);
        Assert.Equal(0.6, result.Threshold, 1e-9);
        Assert.False(result.Convicts);
    }

    [Fact]
    public void Conformal_p_has_its_floor()
    {
        var result = Judge([[400, 10], [10, 400]], unrelated: 0.05);
        Assert.Equal(Math.Log10(1.0 / 2), result.Log10Conformal, 1e-12);
        Assert.Equal(0, Judge([[5, 1], [1, 5]], unrelated: 0.05).Log10Conformal, 1e-12);
    }

    [Fact]
    public void Nothing_judged_is_no_conviction()
    {
        var held = LayerAgreement.Empty([0, 1], 2);
        var input = new AlignmentInput(4, [new LayerInput([], new Dictionary<string, float[]>()), new LayerInput([], new Dictionary<string, float[]>())], null, null);
        var result = TwoViewAgreement.Of(new AlignedPair(input, input, new CrossFit([.. held.Suspect.Select(layer => layer % 2)], [null, null], ["", ""], held, [null, null])), [0.05], 1, CancellationToken.None);
        Assert.False(result.Convicts);
        Assert.Equal(0, result.Judged);
    }

    private static TwoViewAgreement Judge(int[][] agreeing, double unrelated = 0.05)
    {
        var held = LayerAgreement.Empty([.. Enumerable.Range(0, agreeing.Length)], agreeing[0].Length);
        for (var row = 0; row < agreeing.Length; row++)
        {
            for (var layer = 0; layer < agreeing[row].Length; layer++)
            {
                (held.Agreeing[row][layer], held.Possible[row][layer]) = (agreeing[row][layer], 1000);
            }
        }

        // Layers of the reference that are asked about as possible copies: unrelated noise.
        var random = new Pedigree.Numerics.CounterRandom(1, 1);
        var layers = Enumerable.Range(0, agreeing[0].Length).Select(layer => new LayerInput(
            [new MlpRows(layer, -1, 40, [.. Enumerable.Range(0, 40)], 16, ["gate", "up"],
                [Exact.PlantedUnits.Gaussian(ref random, 640), Exact.PlantedUnits.Gaussian(ref random, 640)], true)],
            new Dictionary<string, float[]>())).ToArray();
        var input = new AlignmentInput(16, layers, null, null);
        return TwoViewAgreement.Of(new AlignedPair(input, input, new CrossFit([.. held.Suspect.Select(layer => layer % 2)], [null, null], ["", ""], held, [null, null])), [unrelated], 1, CancellationToken.None);
    }
}
