using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>Spectra and kernels of made-up decoders and of children that compute the same.</summary>
public class RotationFreeTests
{
    [Fact]
    public void Rotation_and_other_gains_leave_kernels_of_neurons_and_tokens_as_they_are()
    {
        var (shape, seed) = Fresh();
        var (neurons, tokens, spectra) = Compare(shape, seed, "residual-rotated new-gains residual-scaled");

        Assert.InRange(neurons.Statistic!.Value, 0.999, 1.0001);
        Assert.InRange(tokens.Statistic!.Value, 0.999, 1.0001);
        Assert.All([neurons, tokens], item => Assert.Equal((0.0, 1.0), (item.NullExpectation!.Value, item.NullPercentile!.Value)));
        Assert.All(spectra, item => Assert.InRange(item.Statistic!.Value, 0, 0.01));
        Assert.All(spectra, item => Assert.True(item.NullExpectation > 5 * item.Statistic));
        Assert.All(spectra, item => Assert.Equal(0, item.NullPercentile));
    }

    [Fact]
    public void Whole_disguise_leaves_the_spectrum_of_the_gate_and_the_kernel_of_tokens()
    {
        var (shape, seed) = Fresh();
        var (neurons, tokens, spectra) = Compare(shape, seed, "disguised tokens-reordered");

        Assert.InRange(tokens.Statistic!.Value, 0.999, 1.0001);
        Assert.InRange(spectra[0].Statistic!.Value, 0, 0.01);
        Assert.Equal("distance of log spectra of Gate", spectra[0].StatisticName);

        // Neurons stand elsewhere.
        Assert.InRange(neurons.Statistic!.Value, -0.3, 0.3);
    }

    [Fact]
    public void Independent_models_agree_in_nothing_but_the_law_of_their_spectra()
    {
        var (shape, seed) = Fresh();
        var (reference, stranger) = (RandomDecoder.Create(shape, seed), RandomDecoder.Create(shape, seed + 7));
        var (neurons, tokens, spectra) = Compare(reference, stranger, seed);

        Assert.InRange(neurons.Statistic!.Value, -0.3, 0.3);
        Assert.InRange(tokens.Statistic!.Value, -0.3, 0.3);
        Assert.InRange(spectra[0].Statistic!.Value, 0, 0.5);
        Assert.All([neurons, tokens, .. spectra], item => Assert.Equal((Tier.Descriptive, (double?)null), (item.Tier, item.Log10P)));
    }

    [Fact]
    public void Other_width_leaves_tokens_and_neurons_comparable_and_spectra_not()
    {
        var (shape, seed) = Fresh();
        var (neurons, tokens, spectra) = Compare(shape, seed, "residual-padded:32");

        Assert.InRange(tokens.Statistic!.Value, 0.999, 1.0001);
        Assert.InRange(neurons.Statistic!.Value, 0.999, 1.0001);
        Assert.Null(Assert.Single(spectra).Statistic);
        Assert.StartsWith("Not computed", spectra[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void One_layer_has_no_other_layers_to_be_read_against()
    {
        var (shape, seed) = Fresh();
        var (neurons, _, spectra) = Compare(shape with { Layers = 1 }, seed, "residual-rotated");

        Assert.InRange(neurons.Statistic!.Value, 0.999, 1.0001);
        Assert.All(spectra, item => Assert.Equal(((double?)null, (double?)null), (item.NullExpectation, item.NullPercentile)));
        Assert.All(spectra, item => Assert.InRange(item.Statistic!.Value, 0, 0.01));
    }

    [Fact]
    public void Budget_is_kept_and_a_sample_still_shows_a_rotation()
    {
        var (shape, seed) = Fresh();
        var parent = RandomDecoder.Create(shape, seed);
        var child = ManipulationNames.Parse("residual-rotated").Apply(parent, seed).Model;
        using var one = ModelFiles.ToSource(parent);
        using var two = ModelFiles.ToSource(child);
        var (reference, suspect) = (DescribedModel.Of(one, AnatomyReader.Read(one)), DescribedModel.Of(two, AnatomyReader.Read(two)));
        var budget = Math.Min(4L, shape.Layers) * 40 * shape.Width * sizeof(float);

        var rows = FoldedRows.Read(reference, suspect, budget, seed);

        Assert.InRange(rows.Sum(layer => layer.BytesRead), budget, 2 * budget);
        Assert.All(rows, layer => Assert.Equal(Part.Gate, layer.Role.Part));
        Assert.All(rows, layer => Assert.Equal((32, false), (layer.Seats.Length, layer.Whole)));
        Assert.InRange(NeuronKernel.Compare(rows, seed, 2).Statistic!.Value, 0.999, 1.0001);
        Assert.Empty(FoldedRows.Read(reference, suspect, 1, seed));
        Assert.Null(NeuronKernel.Compare([], seed, 2).Statistic);
        Assert.StartsWith("Not computed: the budget", TokenKernel.Compare(reference, suspect, null, 1, seed).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_without_variation_or_vocabulary_give_no_number()
    {
        var (constant, other) = (ToyModel.Random(1).Change(role => role.Part == Part.Embedding, _ => 1), ToyModel.Random(2));
        var smaller = ToyModel.Random(3, vocabulary: 100);
        var none = new ToyModel();
        none.Set(new Role(Part.FinalNorm), 1, 2, 1, 1);

        Assert.Null(TokenKernel.Compare(constant.Described(), other.Described(), null, long.MaxValue, 1).Statistic);
        Assert.Contains("joined by id", TokenKernel.Compare(other.Described(), other.Described(), null, long.MaxValue, 1).Note, StringComparison.Ordinal);
        Assert.StartsWith("Not computed: too few", TokenKernel.Compare(other.Described(), smaller.Described(), null, long.MaxValue, 1).Note, StringComparison.Ordinal);
        Assert.StartsWith("Not computed: no embedding", TokenKernel.Compare(none.Described(), other.Described(), null, long.MaxValue, 1).Note, StringComparison.Ordinal);
    }

    private static (DecoderShape Shape, ulong Seed) Fresh()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 1);
        return (new DecoderShape
        {
            Layers = 3 + random.NextInt(3),
            Width = 64,
            QueryHeads = 4,
            KeyValueHeads = 2,
            HeadWidth = 16,
            Neurons = 160 + (16 * random.NextInt(4)),
            Vocabulary = 300 + random.NextInt(100),
            Gated = true,
            Norm = NormKind.RootMeanSquare,
            Activation = Activation.Silu,
        }, seed);
    }

    private static (EvidenceItem Neurons, EvidenceItem Tokens, IReadOnlyList<EvidenceItem> Spectra) Compare(DecoderShape shape, ulong seed, string change)
    {
        var parent = RandomDecoder.Create(shape, seed);
        return Compare(parent, ManipulationNames.Parse(change).Apply(parent, seed + 1).Model, seed);
    }

    private static (EvidenceItem Neurons, EvidenceItem Tokens, IReadOnlyList<EvidenceItem> Spectra) Compare(DecoderModel parent, DecoderModel child, ulong seed)
    {
        using var one = ModelFiles.ToSource(parent);
        using var two = ModelFiles.ToSource(child);
        var (reference, suspect) = (DescribedModel.Of(one, AnatomyReader.Read(one)), DescribedModel.Of(two, AnatomyReader.Read(two)));
        var rows = FoldedRows.Read(reference, suspect, long.MaxValue, seed);
        var join = TokenJoin.ByToken(one, two, reference.Anatomy.Find(new Role(Part.Embedding))!.Rows, suspect.Anatomy.Find(new Role(Part.Embedding))!.Rows);
        Assert.NotNull(join);
        return (NeuronKernel.Compare(rows, seed, 2), TokenKernel.Compare(reference, suspect, join, long.MaxValue, seed), SpectrumDistance.Compare(rows, 2));
    }
}
