using Pedigree.Alignment;
using Pedigree.Evidence.Calibrated;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>Fitting on half of the neurons of every layer and judging the other half.</summary>
public sealed class NeuronHalvesTests
{
    private const int Neurons = 160;

    // Halves of layers leave the stranger's layer alone to fit a map on.
    [Fact]
    public void One_inherited_layer_of_two_is_found_without_a_vocabulary()
    {
        var parent = Decoder(11);
        var change = ManipulationNames.Parse("disguised tokens-replaced");
        var (pair, agreement) = Searched(change.Apply(Upcycling.Transplant(Decoder(12), parent, 1).Model, 13).Model, parent);
        Assert.Equal([-1, 1], agreement.Links);
        var inside = Assert.IsType<NeuronHalves>(pair.Fit.Inside);
        Assert.NotNull(pair.Fit.MapOf(1));

        // Every neuron once, with the origin that it has in truth: the layer was put in another order, of which gate and up rows tell.
        var map = NeuronMap.Of(pair, 1, 1, 1);
        Assert.InRange(map.Pairs.Count, 0.9 * Neurons, Neurons);
        Assert.Equal(map.Pairs.Count, map.Pairs.Select(found => found.Suspect).Distinct().Count());
        Assert.Equal(map.Pairs.Count, map.Pairs.Select(found => found.Reference).Distinct().Count());
        var judged = Assert.Single(map.Judged);
        Assert.Equal((map.Pairs.Count, (double)Neurons), (judged.Agreeing, judged.Possible));
        Assert.All(inside.Suspect.Layers.Chunk(2), halves => Assert.Equal(Neurons, halves.Sum(half => half.Judged.Sum(mlp => mlp.Count))));
    }

    [Theory]
    [InlineData("disguised")]
    [InlineData("duplicated-neurons:32 layers-repeated:1 disguised tokens-replaced")]
    public void Strangers_stay_quiet(string disguise)
    {
        var seed = PlantedUnits.FreshSeed();
        var (pair, agreement) = Searched(ManipulationNames.Parse(disguise).Apply(Decoder(seed + 1), seed).Model, Decoder(seed));
        Assert.Null(pair.Fit.Inside);
        Assert.False(agreement.Convicts);
        Assert.InRange(agreement.ReachedByNeurons, 0, 0.1);
    }

    // Families that resemble each other just too little to share a half: what a map was fitted to stands in the other half as well.
    [Fact]
    public void Strangers_with_families_of_similar_neurons_stay_quiet()
    {
        var seed = PlantedUnits.FreshSeed();
        var (suspect, reference) = Read(Decoder(seed), Decoder(seed + 1));
        var (one, two) = Read(Decoder(seed + 2), Decoder(seed + 3));
        var agreement = HiddenSearch.Run(
            InFamilies(suspect, one), InFamilies(reference, two), UnrelatedAgreement.Shares, 1, _ => { }, TestContext.Current.CancellationToken).Agreement;
        Assert.False(agreement.Convicts);
        Assert.InRange(agreement.ReachedByNeurons, 0, 0.1);
    }

    [Fact]
    public void Copies_of_a_neuron_share_a_half_in_whatever_layer_they_stand()
    {
        var seed = PlantedUnits.FreshSeed();
        var model = ManipulationNames.Parse("duplicated-neurons:32 layers-repeated:1").Apply(Decoder(seed), seed + 1).Model;
        var divided = NeuronHalves.Divided(Read(model, model).Suspect, 1, TestContext.Current.CancellationToken)!;
        Assert.Equal(6, divided.Layers.Count);
        float[][] First(int layer) => [.. Enumerable.Range(0, divided.Layers[layer].Judged[0].Count).Select(i => divided.Layers[layer].Judged[0].Views[0][(i * 96)..((i + 1) * 96)])];
        var (one, two) = (Enumerable.Range(0, 3).SelectMany(layer => First(2 * layer)).ToArray(), Enumerable.Range(0, 3).SelectMany(layer => First((2 * layer) + 1)).ToArray());
        // Copies inside a layer count once.
        Assert.Equal(3 * Neurons, one.Length + two.Length);
        Assert.DoesNotContain(one, row => two.Any(other => row.AsSpan().SequenceEqual(other)));
        Assert.True(one.Select(row => row[0]).Distinct().Count() < one.Length);
    }

    [Fact]
    public void What_a_map_was_fitted_to_is_left_out_where_it_judges()
    {
        var model = Decoder(PlantedUnits.FreshSeed());
        var (suspect, reference) = Read(model, model);
        var divided = NeuronHalves.Divided(suspect, 1, TestContext.Current.CancellationToken)!;
        var (halves, _, held) = NeuronHalves.Run(divided, reference, _ => [("same", Pedigree.Alignment.ResidualMap.Identity(96))], 1, _ => { }, TestContext.Current.CancellationToken);
        for (var half = 0; half < 2; half++)
        {
            for (var layer = 0; layer < 2; layer++)
            {
                Assert.Equal(divided.Layers[(2 * layer) + half].Judged[0].Seats, halves.Rest[half].Layers[layer].Mlps[0].Seats);
                Assert.Equal((Neurons, Neurons), (held.Agreeing[layer][layer], held.Possible[layer][layer]));
            }
        }
    }

    // Four neurons each share a row of another model, with a cosine of nine tenths of what makes them kin.
    private static AlignmentInput InFamilies(AlignmentInput model, AlignmentInput other)
    {
        var (common, own) = (MathF.Sqrt(0.9f * (float)NeuronHalves.Kin), MathF.Sqrt(1 - (0.9f * (float)NeuronHalves.Kin)));
        return model with
        {
            Layers = [.. model.Layers.Select((layer, at) => new LayerInput(
                [.. layer.Mlps.Select((mlp, which) => mlp with
                {
                    Views = [.. mlp.Views.Select((view, v) => view.Select((value, i) =>
                        (own * value) + (common * other.Layers[at].Mlps[which].Views[v][(i / mlp.Width / 4 * mlp.Width) + (i % mlp.Width)])).ToArray())],
                })],
                layer.Attention))],
        };
    }

    private static DecoderModel Decoder(ulong seed) => RandomDecoder.Create(
        new() { Layers = 2, Width = 96, QueryHeads = 6, KeyValueHeads = 3, HeadWidth = 16, Neurons = Neurons, Vocabulary = 64 }, seed);

    private static (AlignmentInput Suspect, AlignmentInput Reference) Read(DecoderModel suspect, DecoderModel reference)
    {
        using var one = ModelFiles.ToSource(suspect);
        using var two = ModelFiles.ToSource(reference);
        var (a, b) = (Folding.Of(one), Folding.Of(two));
        return AlignedPair.Read(a, b, null, AlignmentReading.Within(a, b, long.MaxValue / 4)!, 1, 1, TestContext.Current.CancellationToken);
    }

    private static (AlignedPair Pair, TwoViewAgreement Agreement) Searched(DecoderModel suspect, DecoderModel reference)
    {
        var (one, two) = Read(suspect, reference);
        return HiddenSearch.Run(one, two, UnrelatedAgreement.Shares, 1, _ => { }, TestContext.Current.CancellationToken);
    }
}
