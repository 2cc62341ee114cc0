using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Verdicts on trained models whose history is known.</summary>
public class ZooVerdictTests(ZooPairs pairs) : IClassFixture<ZooPairs>
{
    // Made before the first test.
    private readonly ZooPairs prepared = pairs;

    public static TheoryData<string> OrderKept => [.. ZooPairs.OrderKept];

    public static TheoryData<string> Disguised => [.. ZooPairs.Disguised];

    [Theory]
    [MemberData(nameof(OrderKept))]
    public void Child_that_kept_its_order_is_found_from_either_side(string child)
    {
        foreach (var result in new[] { Zoo(child, "A1"), Zoo("A1", child) })
        {
            Assert.True(result.Verdict.Relation == "related", Comparisons.Line(result));
            Assert.Equal("undetermined", result.Verdict.Direction);
            Assert.True(result.Verdict.Log10P <= -6);
            Assert.NotEmpty(result.Kinds);
        }
    }

    [Theory]
    [InlineData("ft")]
    [InlineData("cpt")]
    [InlineData("lora")]
    [InlineData("upcycled")]
    public void Declared_publication_order_gives_mirrored_directions(string child)
    {
        var (one, two) = (Zoo(child, "A1", "reference").Verdict, Zoo("A1", child, "suspect").Verdict);
        Assert.Equal(("derived", "suspect-from-reference"), (one.Relation, one.Direction));
        Assert.Equal(("derived", "reference-from-suspect"), (two.Relation, two.Direction));
        Assert.Equal(one.Reason, two.Reason);
        Assert.Contains("given the declaration", one.Headline, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Disguised))]
    public void Hidden_child_is_found_from_either_side_and_from_its_grandparent(string child)
    {
        foreach (var result in new[] { Zoo(child, "A1"), Zoo("A1", child), Zoo(child, "ft") })
        {
            Assert.True(result.Verdict.Relation == "related", Comparisons.Line(result));
            Assert.Equal([0, 1, 2, 3], result.LayerMap.SelectMany(link => link.ReferenceLayers));
        }
    }

    [Theory]
    [InlineData("depthpruned", "0 2 3")]
    [InlineData("depthup", "0 1 2 1 2 3")]
    [InlineData("transplant", "- 1 2 -")]
    public void Layers_that_moved_are_mapped(string child, string map) => Assert.Equal(
        map, string.Join(" ", Zoo(child, "A1").LayerMap.Select(link => link.ReferenceLayers.Count == 0 ? "-" : string.Join("+", link.ReferenceLayers))));

    [Fact]
    public void Models_without_any_tie_are_never_accused()
    {
        var accused = ZooPairs.WithoutTie().Select(pair => (pair, Result: Zoo(pair.Suspect, pair.Reference)))
            .Where(entry => entry.Result.Verdict.Relation is not ("none-found" or "cannot-tell") || entry.Result.Verdict.Reason == "order-without-content")
            .Select(entry => $"{entry.pair.Suspect} against {entry.pair.Reference}: {Comparisons.Line(entry.Result)}").ToArray();
        Assert.Empty(accused);
    }

    [Fact]
    public void Models_without_any_tie_that_could_be_compared_have_a_limit()
    {
        foreach (var (suspect, reference) in ZooPairs.WithoutTie().Where(pair => pair is { Suspect: not ("W1" or "widthpruned"), Reference: not "W1" }))
        {
            var verdict = Zoo(suspect, reference).Verdict;
            Assert.True(verdict.Relation == "none-found" && verdict.DetectionLimit!.RowCosine is > 0.01 and < 0.5, $"{suspect} against {reference}: {verdict.Headline}");
        }
    }

    [Fact]
    public void Merge_of_two_unrelated_models_is_found_from_both()
    {
        foreach (var (suspect, reference) in new[] { ("mergeunrelated", "A1"), ("mergeunrelated", "A2"), ("A2", "mergeunrelated") })
        {
            Assert.Equal("related", Zoo(suspect, reference).Verdict.Relation);
        }

        var both = Comparison.Run(new ComparisonRequest(Address("mergeunrelated"), [Address("A1"), Address("A2"), Address("A3")]) { Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["related", "related", "none-found"], both.Results.Select(result => result.Verdict.Relation));
    }

    [Fact]
    public void Model_from_the_same_start_on_other_data_is_not_called_derived()
    {
        Assert.Equal("shared-initialisation", Zoo("S1", "A1").Verdict.Relation);
        Assert.Equal("shared-initialisation", Zoo("A1", "S1").Verdict.Relation);
        foreach (var child in ZooPairs.OrderKept)
        {
            var result = Zoo(child, "S1");
            Assert.True(result.Verdict.Relation is "shared-initialisation" or "related" or "cannot-tell" or "none-found", $"{child}: {Comparisons.Line(result)}");
            Assert.True(result.Verdict.Relation != "none-found" || child is "depthpruned" or "depthup" or "transplant", $"{child}: {Comparisons.Line(result)}");
            Assert.True(result.Verdict.Relation != "related" || result.Verdict.Reason == "same-start-not-excluded", $"{child}: {Comparisons.Line(result)}");
        }
    }

    [Fact]
    public void Exchanged_arguments_give_the_same_relation()
    {
        string[] models = ["A1", .. ZooPairs.OrderKept, .. ZooPairs.Disguised];
        foreach (var child in models.Skip(1))
        {
            var (one, two) = (Zoo(child, "A1").Verdict, Zoo("A1", child).Verdict);
            Assert.Equal((child, one.Relation, one.Reason), (child, two.Relation, two.Reason));
        }

        foreach (var one in ZooPairs.Unrelated)
        {
            foreach (var two in ZooPairs.Unrelated.Where(two => two != one))
            {
                Assert.Equal((one, two, Zoo(one, two).Verdict.Relation), (one, two, Zoo(two, one).Verdict.Relation));
            }
        }
    }

    [Fact]
    public void Copies_in_other_containers_are_identical()
    {
        foreach (var (one, two) in new[] { ("copy", "ft"), ("ft", "copy"), ("fused", "ft"), ("ft", "fused") })
        {
            Assert.Equal("identical", Zoo(one, two).Verdict.Relation);
        }
    }

    private static ComparisonResult Zoo(string suspect, string reference, string? first = null) => Comparisons.Of(Address(suspect), Address(reference), first);

    private static string Address(string name) => Path.Combine(Repository.RequireShared("zoo"), name);
}
