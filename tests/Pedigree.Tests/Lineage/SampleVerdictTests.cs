using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Verdicts on the trained models of the repository, which every machine has.</summary>
public class SampleVerdictTests
{
    [Theory]
    [InlineData("A2", "A1")]
    [InlineData("A1", "A2")]
    [InlineData("ft", "A2")]
    [InlineData("A2", "ft")]
    public void Independent_models_are_not_accused(string suspect, string reference)
    {
        var result = Sample(suspect, reference);
        Assert.True(result.Verdict.Relation == "none-found", Comparisons.Line(result));
        Assert.Contains("if unit order and residual basis were kept", result.Verdict.Headline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ft", "A1")]
    [InlineData("A1", "ft")]
    public void Fine_tune_is_found(string suspect, string reference)
    {
        var result = Sample(suspect, reference);
        Assert.True(result.Verdict.Relation == "related", Comparisons.Line(result));
        Assert.Equal([0, 1, 2, 3], result.LayerMap.SelectMany(link => link.ReferenceLayers));
        // All but the norms and biases, which no test speaks of.
        Assert.InRange(result.InheritedShare!.Value, 0.99, 1);
    }

    [Fact]
    public void Model_is_identical_to_itself() => Assert.Equal("identical", Sample("A1", "A1").Verdict.Relation);

    [Fact]
    public void Score_of_the_accusers_convicts_the_independent_pair_and_decides_nothing()
    {
        var score = Sample("A2", "A1").Evidence.Single(item => item.Test == "depth-curve-score");
        Assert.True(score.Statistic > 0.8, $"{score.Statistic}");
        Assert.Equal(Pedigree.Evidence.Tier.Descriptive, score.Tier);
    }

    [Fact]
    public void Several_references_are_told_apart()
    {
        var report = Comparison.Run(new ComparisonRequest(Repository.Sample("ft"), [Repository.Sample("A2"), Repository.Sample("A1")]), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["none-found", "related"], report.Results.Select(result => result.Verdict.Relation));
    }

    private static ComparisonResult Sample(string suspect, string reference) => Comparisons.Of(Repository.Sample(suspect), Repository.Sample(reference));
}
