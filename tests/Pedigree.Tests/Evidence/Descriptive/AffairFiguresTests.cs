using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>Holds the figures of `docs/affair.md` and `docs/descriptive.md` on the models of the repository to the program.</summary>
public class AffairFiguresTests
{
    [Theory]
    [InlineData("A4", "A1", 0.902, 0.951, 0.772)]
    [InlineData("A4", "A2", 0.825, 0.997, 0.697)]
    [InlineData("ft", "A1", 0.996, 1.000, 0.980)]
    [InlineData("cpt", "A1", 0.949, 0.659, 0.942)]
    [InlineData("cptdisguised", "A1", 0.210, 0.057, null)]
    public void Curves_convict_the_innocent_and_acquit_the_child(string suspect, string reference, double attention, double mlp, double? gains)
    {
        var (a, b) = (Open(reference), Open(suspect));

        Assert.Equal(attention, DepthCurveScore.Compute(a, b, long.MaxValue).Item.Statistic!.Value, 1e-3);
        Assert.Equal(mlp, MlpCurveScore.Compute(a, b, long.MaxValue).Items[0].Statistic!.Value, 1e-3);
        Assert.Equal(gains, VectorCurveScore.Compute(a, b).Items[0].Statistic is { } found ? Math.Round(found, 3) : null);
    }

    [Theory]
    [InlineData("A2", "A1", -0.03, 0.03, 0.30, 0.40, 0.02, 0.03)]
    [InlineData("A4", "A1", -0.03, 0.03, 0.38, 0.50, 0.02, 0.03)]
    [InlineData("ft", "A1", 0.97, 0.99, 0.99, 1.00, 0.008, 0.010)]
    [InlineData("cpt", "A1", 0.50, 0.58, 0.49, 0.60, 0.09, 0.11)]
    [InlineData("cptdisguised", "A1", -0.03, 0.03, 0.49, 0.62, 0.09, 0.11)]
    public void Kernels_and_spectra_say_what_the_page_says(
        string suspect, string reference, double neuronsFrom, double neuronsTo, double tokensFrom, double tokensTo, double spectrumFrom, double spectrumTo)
    {
        var (a, b) = (Open(reference), Open(suspect));
        var rows = FoldedRows.Read(a, b, long.MaxValue, 1);
        var join = TokenJoin.ByToken(a.Source, b.Source, 1024, 1024);

        Assert.InRange(NeuronKernel.Compare(rows, 1, 2).Statistic!.Value, neuronsFrom, neuronsTo);
        Assert.InRange(TokenKernel.Compare(a, b, join, long.MaxValue, 1).Statistic!.Value, tokensFrom, tokensTo);
        Assert.InRange(SpectrumDistance.Compare(rows, 2)[0].Statistic!.Value, spectrumFrom, spectrumTo);
    }

    [Theory]
    [InlineData("controls/c4", "controls/c1")]
    [InlineData("controls/c5", "controls/c2")]
    [InlineData("controls/c6", "controls/c3")]
    public void Embeddings_of_independent_models_of_one_text_agree_more_than_those_of_a_child(string suspect, string reference)
    {
        var (a, b) = (Open(reference), Open(suspect));

        var item = TokenKernel.Compare(a, b, TokenJoin.ByToken(a.Source, b.Source, 613, 613), long.MaxValue, 1);

        Assert.InRange(item.Statistic!.Value, 0.9, 1);
        Assert.Equal((0.0, 1.0), (item.NullExpectation!.Value, item.NullPercentile!.Value));
        Assert.Equal((Tier.Descriptive, (double?)null), (item.Tier, item.Log10P));
        Assert.Contains("far too low a bar", item.Null, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A2", 0.998, 0.998, 0.023)]
    [InlineData("A4", 0.998, 0.998, 0.054)]
    [InlineData("ft", 1.000, 0.998, 0.994)]
    public void Raw_cosines_of_gains_are_what_shuffled_ones_are(string suspect, double raw, double shuffled, double centred)
    {
        var gains = NormGainCosine.MeasureGains(Open("A1"), Open(suspect), 1)!;

        Assert.Equal(raw, gains.RawCosine!.Value, 5e-4);
        Assert.Equal(shuffled, gains.ShuffledCosine!.Value, 5e-4);
        Assert.Equal(centred, gains.CentredCorrelation!.Value, 5e-4);
    }

    private static DescribedModel Open(string name)
    {
        var source = Checkpoint.Open(SampleModel.Path(name));
        return DescribedModel.Of(source, AnatomyReader.Read(source));
    }
}
