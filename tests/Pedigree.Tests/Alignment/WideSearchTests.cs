using Pedigree.Alignment;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Architecture;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>The search of large models, forced upon small ones.</summary>
public sealed class WideSearchTests
{
    [Fact]
    public void Unrelated_trained_models_reach_no_more_than_in_the_search_of_small_models()
    {
        var shares = UnrelatedAgreement.Pairs.SelectMany(pair => new[] { (pair.One, pair.Other), (pair.Other, pair.One) }).AsParallel().AsOrdered().Select(pair =>
        {
            using var one = Sample(Path.Combine("controls", pair.Item1));
            using var two = Sample(Path.Combine("controls", pair.Item2));
            return Judged(one, two, 1, 48).QuarterShare;
        }).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", shares.Select(share => share.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(30, shares.Length);
        // The largest share of whole models is 5 %; of 48 neurons drawn, one more is 2 %.
        Assert.All(shares, share => Assert.InRange(share, 0, 0.05 + (2.0 / 48)));
    }

    [Fact]
    public void A_trained_child_is_found_through_its_disguise()
    {
        using var child = Sample("cptdisguised");
        using var parent = Sample("A1");
        var agreement = Judged(child, parent, 1, 64);
        Assert.True(agreement.Convicts);
        Assert.Equal([.. Enumerable.Range(0, agreement.Links.Count)], agreement.Links);
    }

    [Theory]
    [InlineData("disguised noise:0.7", 96)]
    [InlineData("layers-dropped:1 residual-rotated neurons-permuted noise:0.8", 128)]
    [InlineData("layers-repeated:2 disguised", 112)]
    [InlineData("disguised noise:0.6", 640)]
    public void Hidden_children_are_found_with_their_layer_map(string disguise, int width)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Shape(seed, width), seed);
        var child = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var agreement = Judged(one, two, seed, 64);
        Assert.True(agreement.Convicts);
        Assert.Equal(child.Truth.Layers, agreement.Links);
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(0, 6)]
    public void Experts_made_of_a_dense_model_are_found(int copies, int parts)
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = new DecoderShape { Layers = 4, Width = 96, QueryHeads = 6, KeyValueHeads = 3, HeadWidth = 16, Neurons = 288, Vocabulary = 640 };
        var parent = RandomDecoder.Create(shape, seed);
        // Order within the experts is kept, so that copies hold the same neurons at the same seats.
        var child = Manipulation.Composed(copies > 0 ? Upcycling.Copies(copies, 0.9) : Upcycling.Split(parts), ManipulationNames.Parse("residual-rotated")).Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var agreement = Judged(one, two, seed, 128);
        Assert.True(agreement.Convicts);
        Assert.Equal(child.Truth.Layers, agreement.Links);
        // A neuron of which k copies were drawn can be named by one of them in each view, and both views choose the same one with probability 1/k. The best of four layers
        // is compared, so the worst draw bounds it from below and the best one from above, at five standard deviations; one neuron in fifty may be missed for noise.
        var layers = Enumerable.Range(0, 4).Select(layer => Expected(one, layer, seed, 128, copies > 0)).ToArray();
        Assert.InRange(agreement.QuarterShare, layers.Min(layer => layer.Share - (5 * layer.Deviation)) - 0.02, layers.Max(layer => layer.Share + (5 * layer.Deviation)));
    }

    [Theory]
    [InlineData(96)]
    [InlineData(640)]
    public void Strangers_stay_quiet(int width)
    {
        var seed = PlantedUnits.FreshSeed();
        using var one = ModelFiles.ToSource(ManipulationNames.Parse("disguised").Apply(RandomDecoder.Create(Shape(seed, width), seed + 7), seed).Model);
        using var two = ModelFiles.ToSource(RandomDecoder.Create(Shape(seed, width), seed));
        Assert.False(Judged(one, two, seed, 64).Convicts);
    }

    [Theory]
    [InlineData("noise:0.9 disguised", 4)]
    [InlineData("noise:0.9 layers-dropped:1 residual-rotated neurons-permuted", 5)]
    [InlineData("noise:0.9 disguised", 9)]
    public void Hidden_children_are_found_without_a_vocabulary(string disguise, int layers)
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Blind(layers), seed);
        var child = ManipulationNames.Parse(disguise).Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var search = Search(one, two, seed, 64, 1);
        var agreement = TwoViewAgreement.Of(search.Run(0.15).Pair.Fit.Held, UnrelatedAgreement.Shares, search.OwnShare);
        Assert.True(agreement.Convicts);
        for (var layer = 0; layer < child.Truth.Layers.Length; layer++)
        {
            // Of nine layers five are judged and the others fitted on.
            Assert.Equal(layers == 9 && layer % 2 == 1 ? -1 : child.Truth.Layers[layer], agreement.Links[layer]);
        }
    }

    // Two layers of six are inherited, so that a half has one among two strangers; all names together lead nowhere at this cosine, the right pair of layers alone does. One draw, because others are lost either way.
    [Fact]
    public void An_inherited_layer_is_found_without_a_vocabulary_beside_strangers_that_drown_it()
    {
        const ulong seed = 101;
        var parent = RandomDecoder.Create(Blind(6), seed);
        var stranger = RandomDecoder.Create(Blind(6), seed + 50);
        var mixed = parent.Map((name, weights) => Slot.LayerOf(name) is 2 or 3 ? weights : stranger.Tensors[name]);
        using var one = ModelFiles.ToSource(ManipulationNames.Parse("noise:0.65 disguised").Apply(mixed, seed + 1).Model);
        using var two = ModelFiles.ToSource(parent);
        var agreement = Judged(one, two, seed, 64);
        Assert.True(agreement.Convicts);
        Assert.Equal([-1, -1, 2, 3, -1, -1], agreement.Links);
    }

    // A half is taken for missed. Its layers come back, in as many steps as they are halved, and those of nobody stay without an origin.
    [Fact]
    public void Layers_without_an_origin_are_judged_again_under_maps_that_others_shaped()
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Blind(4), seed);
        var child = ManipulationNames.Parse("noise:0.9 fresh-layers:2 disguised").Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model);
        using var two = ModelFiles.ToSource(parent);
        var search = Search(one, two, seed, 64, 2);
        var found = search.Run(0.15);
        Assert.True(found.IsShaped);
        var half = (int)(seed % 2);
        int[] known = [.. child.Truth.Layers.Select((layer, at) => at % 2 == half ? -1 : layer)];
        var whole = search.Completed(found, known.Any(layer => layer >= 0) ? known : child.Truth.Layers.Select((layer, at) => at % 2 == half ? layer : -1).ToArray());
        Assert.NotNull(whole);
        Assert.Equal(child.Truth.Layers, TwoViewAgreement.Of(whole.Pair.Fit.Held, UnrelatedAgreement.Shares, search.OwnShare, 2).Links);
        Assert.Null(search.Completed(found, [.. known.Select(_ => -1)]));
    }

    [Fact]
    public void A_shared_vocabulary_whose_rows_were_replaced_does_not_hide_a_child()
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Blind(4) with { Vocabulary = 512 }, seed);
        var child = ManipulationNames.Parse("noise:0.9 disguised tokens-replaced").Apply(parent, seed + 1);
        using var one = ModelFiles.ToSource(child.Model.With(child.Model.Shape, new Dictionary<string, Weights>(StringComparer.Ordinal), parent.Tokens));
        using var two = ModelFiles.ToSource(parent);
        var agreement = Judged(one, two, seed, 64);
        Assert.True(agreement.Convicts);
        Assert.Equal(child.Truth.Layers, agreement.Links);
    }

    [Theory]
    [InlineData("disguised")]
    [InlineData("layers-repeated:2 disguised")]
    public void Strangers_without_a_vocabulary_stay_quiet_and_their_planted_children_do_not(string disguise)
    {
        var seed = PlantedUnits.FreshSeed();
        using var one = ModelFiles.ToSource(ManipulationNames.Parse(disguise).Apply(RandomDecoder.Create(Blind(4), seed + 7), seed).Model);
        using var two = ModelFiles.ToSource(RandomDecoder.Create(Blind(4), seed));
        var search = Search(one, two, seed, 64, 2);
        Assert.True(search.CanPlant);
        Assert.False(TwoViewAgreement.Of(search.Run(0.15).Pair.Fit.Held, UnrelatedAgreement.Shares, search.OwnShare).Convicts);
        Assert.All(search.Planted(0.95), share => Assert.InRange(share, 0.8, 1));
        Assert.All(search.Planted(0.02), share => Assert.InRange(share, 0, 0.15));
    }

    [Fact]
    public void Layers_that_a_map_is_fitted_on_are_never_judged_under_it()
    {
        Assert.Equal([1, 3, 4, 6], WidePlan.FittedFor([0, 1, 2, 3, 4, 5, 6, 7], [0, 2, 5, 7], 0));
        Assert.Equal([1, 3], WidePlan.FittedFor([0, 1, 2, 3], [0, 1, 2, 3], 0));
        Assert.Equal([0, 2], WidePlan.FittedFor([0, 1, 2, 3], [0, 1, 2, 3], 1));
    }

    // What two innocents may have in common without a common origin: dead and repeated neurons at the same seats.
    [Theory]
    [InlineData("dead-neurons:48")]
    [InlineData("duplicated-neurons:48")]
    [InlineData("dead-neurons:24 duplicated-neurons:24")]
    public void Dead_and_repeated_neurons_of_both_sides_accuse_nobody(string both)
    {
        var seed = PlantedUnits.FreshSeed();
        var change = ManipulationNames.Parse(both);
        using var one = ModelFiles.ToSource(change.Apply(RandomDecoder.Create(Shape(seed, 96), seed + 7), seed).Model);
        using var two = ModelFiles.ToSource(change.Apply(RandomDecoder.Create(Shape(seed, 96), seed), seed).Model);
        var agreement = Judged(one, two, seed, 64);
        TestContext.Current.TestOutputHelper?.WriteLine($"{agreement.QuarterShare:0.000} of {agreement.Threshold:0.000}");
        Assert.False(agreement.Convicts);
    }

    [Fact]
    public void Untrained_models_accuse_nobody()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = Shape(seed, 96);
        using var one = ModelFiles.ToSource(Untrained(shape, seed + 7));
        using var two = ModelFiles.ToSource(Untrained(shape, seed));
        Assert.False(Judged(one, two, seed, 64).Convicts);
    }

    [Fact]
    public void A_planted_child_is_found_close_by_and_lost_far_away()
    {
        var seed = PlantedUnits.FreshSeed();
        using var one = ModelFiles.ToSource(RandomDecoder.Create(Shape(seed, 96), seed + 7));
        using var two = ModelFiles.ToSource(RandomDecoder.Create(Shape(seed, 96), seed));
        var search = Search(one, two, seed, 64, 1);
        Assert.All(search.Planted(0.95), share => Assert.InRange(share, 0.8, 1));
        Assert.All(search.Planted(0.02), share => Assert.InRange(share, 0, 0.15));
    }

    [Fact]
    public void Nothing_depends_on_the_number_of_threads()
    {
        var seed = PlantedUnits.FreshSeed();
        var parent = RandomDecoder.Create(Shape(seed, 112), seed);
        using var one = ModelFiles.ToSource(ManipulationNames.Parse("disguised noise:0.5").Apply(parent, seed).Model);
        using var two = ModelFiles.ToSource(parent);
        var (serial, parallel) = (Search(one, two, seed, 64, 1).Run(0.15), Search(one, two, seed, 64, 3).Run(0.15));
        Assert.Equal(serial.Pair.Fit.Held.Agreeing, parallel.Pair.Fit.Held.Agreeing);
        Assert.Equal(serial.Neurons.Values.SelectMany(map => map.Pairs), parallel.Neurons.Values.SelectMany(map => map.Pairs));
        Assert.Equal(serial.Neurons.Values.SelectMany(map => map.LogLengths), parallel.Neurons.Values.SelectMany(map => map.LogLengths));
    }

    [Fact]
    public void A_plan_keeps_its_budget_and_says_what_would_do()
    {
        var shape = Shape(5, 96);
        using var one = ModelFiles.ToSource(RandomDecoder.Create(shape, 5));
        using var two = ModelFiles.ToSource(RandomDecoder.Create(shape, 6));
        var (a, b) = (Folding.Of(one), Folding.Of(two));
        var whole = WidePlan.Within(a, b, 640, true, long.MaxValue, out var needed)!;
        Assert.Equal(whole.Bytes, needed);
        Assert.Equal(shape.Layers, whole.ReferenceLayers.Count);
        Assert.Null(WidePlan.Within(a, b, 640, true, 1, out var least));
        Assert.InRange(least, 1, whole.Bytes);
        Assert.Equal(least, WidePlan.Within(a, b, 640, true, least, out _)!.Bytes);
        foreach (var budget in Enumerable.Range(0, 8).Select(i => least + ((whole.Bytes - least) * i / 8)))
        {
            Assert.InRange(WidePlan.Within(a, b, 640, true, budget, out _)!.Bytes, 1, budget);
        }
    }

    private static DecoderShape Shape(ulong seed, int width) =>
        RandomDecoder.DrawShape(seed, width, width > 512 ? 4 : 5, width > 512 ? 3 * width : 640) with { Experts = 0, ActiveExperts = 0, Neurons = width > 512 ? 1024 : 288 };

    private static DecoderShape Blind(int layers) =>
        new() { Layers = layers, Width = 128, QueryHeads = 8, KeyValueHeads = 8, HeadWidth = 16, Neurons = 448, Vocabulary = 64 };

    // Independent normal values of one size, as initialisation draws them.
    private static DecoderModel Untrained(DecoderShape shape, ulong seed)
    {
        var random = new CounterRandom(seed, 5);
        return RandomDecoder.Create(shape, seed).Map((_, weights) =>
        {
            var fresh = new Weights(weights.Rows, weights.Columns);
            for (var i = 0; i < fresh.Values.Length; i++)
            {
                fresh.Values[i] = weights.Rows == 1 ? 1 : (float)(0.02 * random.NextGaussian());
            }

            return fresh;
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_layer_that_writes_nothing_stops_no_search_without_a_vocabulary(bool ofSuspect)
    {
        var seed = PlantedUnits.FreshSeed();
        var models = new[] { RandomDecoder.Create(Blind(4), seed), RandomDecoder.Create(Blind(4), seed + 1) };
        var which = ofSuspect ? 0 : 1;
        models[which] = models[which].Map((name, weights) => Slot.LayerOf(name) < 3 && name.EndsWith("down", StringComparison.Ordinal) ? new Weights(weights.Rows, weights.Columns) : weights);
        using var one = ModelFiles.ToSource(models[0]);
        using var two = ModelFiles.ToSource(models[1]);
        Assert.False(Judged(one, two, seed, 64).Convicts);
    }

    [Theory]
    [InlineData("experts.1.w1", true)]
    [InlineData("experts.1.w1", false)]
    [InlineData("experts.0.w2", true)]
    [InlineData("experts.0.w2", false)]
    public void An_expert_of_other_parts_is_left_out(string missing, bool ofSuspect)
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = Blind(2) with { Experts = 3, ActiveExperts = 2, Neurons = 160 };
        var parent = RandomDecoder.Create(shape, seed);
        using var whole = ModelFiles.ToSource(parent);
        using var child = ModelFiles.ToSource(ManipulationNames.Parse("noise:0.9 residual-rotated neurons-permuted").Apply(parent, seed + 1).Model);
        using var part = Without(ofSuspect ? child : whole, missing);
        var (one, two) = ofSuspect ? ((ITensorSource)part, (ITensorSource)whole) : (child, part);
        int[] kept = missing.Contains('1') ? [0, 2] : [1, 2];
        Assert.All(Enumerable.Range(0, 2), layer => Assert.Equal(kept, Folding.Of(part).Alike(layer)));
        Assert.Equal([0, 1], Judged(one, two, seed, 128).Links);
    }

    private static MemorySource Without(ITensorSource source, string part)
    {
        var result = new MemorySource();
        foreach (var tensor in source.Tensors.Where(tensor => !tensor.Name.Contains(part, StringComparison.Ordinal)))
        {
            var bytes = new byte[tensor.Length];
            source.Read(tensor, 0, bytes);
            result.Add(tensor.Name, tensor.Type, bytes, [.. tensor.Shape]);
        }

        foreach (var (name, content) in source.SideFiles)
        {
            result.With(name, content);
        }

        return result;
    }

    private static ITensorSource Sample(string name) => Checkpoint.Open(Path.Combine(Repository.Root, "samples", name));

    private static (double Share, double Deviation) Expected(ITensorSource suspect, int layer, ulong seed, int drawn, bool areCopies)
    {
        int[] seats = [.. WidePlan.Drawn(Folding.Of(suspect), layer, drawn, seed).SelectMany(expert => expert.Seats)];
        double[] chances = areCopies ? [.. seats.GroupBy(seat => seat).Select(copies => 1.0 / copies.Count())] : [.. seats.Select(_ => 1.0)];
        return (chances.Sum() / seats.Length, Math.Sqrt(chances.Sum(chance => chance * (1 - chance))) / seats.Length);
    }

    private static TwoViewAgreement Judged(ITensorSource suspect, ITensorSource reference, ulong seed, int seats) =>
        LargeHiddenSearch.Run(Search(suspect, reference, seed, seats, 1), UnrelatedAgreement.Shares).Agreement;

    private static WideSearch Search(ITensorSource suspect, ITensorSource reference, ulong seed, int seats, int threads)
    {
        var (one, two) = (Folding.Of(suspect), Folding.Of(reference));
        var join = TokenJoin.ByToken(suspect, reference, 5000, 5000);
        var tokens = Math.Min(VocabularyAlignment.MostRowsPerDimension, (join?.A.Length ?? 0) / Math.Min(one.Width, two.Width));
        var plan = new WidePlan(
            [.. Enumerable.Range(0, one.Layers).Where(layer => one.Layers < 9 || layer % 2 == 0)], [.. Enumerable.Range(0, two.Layers)], seats, true, tokens < VocabularyAlignment.RowsPerDimension ? 0 : tokens, 0)
        { ByInvariants = tokens < VocabularyAlignment.RowsPerDimension, ThenByInvariants = tokens >= VocabularyAlignment.RowsPerDimension };
        return new WideSearch(one, two, plan, join, seed, threads, _ => { }, TestContext.Current.CancellationToken);
    }
}
