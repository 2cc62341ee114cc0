using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class SigmaNullBankTests
{
    [Theory]
    [InlineData("Transformer-big translation models, encoder and decoder", 0.0843)]
    [InlineData("Transformer-big translation models, encoder", 0.2070)]
    [InlineData("Transformer-base translation models, encoder and decoder", 0.0069)]
    [InlineData("models of different recipes, 24 layers", 0)]
    public void Published_score_is_reached_as_often_as_the_bank_counted(string name, double counted)
    {
        var group = SigmaNullBank.Groups.Single(group => group.Name == name);

        Assert.Equal(counted, 1 - group.ShareBelow(0.927), 0.01);
    }

    [Fact]
    public void Quantiles_ascend_and_shares_follow()
    {
        foreach (var group in SigmaNullBank.Groups)
        {
            Assert.Equal(SigmaNullBank.Probabilities.Count, group.Quantiles.Count);
            var known = group.Quantiles.Where(quantile => !double.IsNaN(quantile)).ToArray();
            Assert.Equal(known.Order(), known);
            var shares = Enumerable.Range(-100, 201).Select(score => group.ShareBelow(score / 100.0)).ToArray();
            Assert.Equal(shares.Order(), shares);
            Assert.Equal(1, group.ShareBelow(1.01));
        }
    }

    [Theory]
    [InlineData(4, 4, 6)]
    [InlineData(8, 8, 6)]
    [InlineData(9, 9, 12)]
    [InlineData(12, 12, 12)]
    [InlineData(18, 18, 24)]
    [InlineData(48, 48, 24)]
    public void Nearest_depth_is_chosen_on_a_logarithmic_scale(int reference, int suspect, int expected) =>
        Assert.All(SigmaNullBank.Nearest(SigmaNullKind.OtherRecipe, reference, suspect), group => Assert.Equal(expected, group.Depth));

    [Fact]
    public void Different_depths_are_read_against_stretched_pairs() =>
        Assert.All(
            Enum.GetValues<SigmaNullKind>().SelectMany(kind => SigmaNullBank.Nearest(kind, 24, 48)),
            group => Assert.True(group.Stretched));

    [Fact]
    public void Every_phrase_names_all_three_relations_and_the_source()
    {
        var phrase = SigmaNullPhrase.For(0.927, 48, 48);

        Assert.Contains("unrelated, same recipe: none of 78", phrase, StringComparison.Ordinal);
        Assert.Contains("unrelated, other recipe: none of 1,399", phrase, StringComparison.Ordinal);
        Assert.Contains("related: 8", phrase, StringComparison.Ordinal);
        Assert.Contains("48 layers lie outside the bank", phrase, StringComparison.Ordinal);
        Assert.Contains(SigmaNullBank.Source, phrase, StringComparison.Ordinal);
    }
}
