using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Building;
using Xunit;

namespace Pedigree.Tests.Zoo.Benching;

public sealed class ExpectationTests
{
    private static readonly Expectation s_expectation = new(new Manifest("test",
    [
        Model("a", "s1"), Model("b", "s2"), Model("same", "s1"), Model("clone", null),
        Model("child", null, "a") with { LayerMap = [0, 2, 3] }, Model("grandchild", null, "child") with { LayerMap = [1, -1, 2] },
        Model("sibling", null, "a"), Model("merged", null, "child", "b") with { LayerMap = [0, 1, 2] },
    ]));

    [Theory]
    [InlineData("child", "a", nameof(Tie.Lineage))]
    [InlineData("grandchild", "a", nameof(Tie.Lineage))]
    [InlineData("grandchild", "sibling", nameof(Tie.Lineage))]
    [InlineData("merged", "b", nameof(Tie.Lineage))]
    [InlineData("same", "a", nameof(Tie.SameStart))]
    [InlineData("same", "grandchild", nameof(Tie.SameStart))]
    [InlineData("a", "b", nameof(Tie.Unrelated))]
    [InlineData("child", "b", nameof(Tie.Unrelated))]
    [InlineData("clone", "a", nameof(Tie.Unrelated))]
    public void TiesFollowFromParentsAndStarts(string one, string other, string tie)
    {
        Assert.Equal(tie, s_expectation.TieOf(one, other).ToString());
        Assert.Equal(tie, s_expectation.TieOf(other, one).ToString());
    }

    [Theory]
    [InlineData(nameof(Tie.Lineage), "derived", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.Lineage), "related", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.Lineage), "identical", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.Lineage), "shared-initialisation", nameof(Outcome.Misjudged))]
    [InlineData(nameof(Tie.Lineage), "none-found", nameof(Outcome.Missed))]
    [InlineData(nameof(Tie.Lineage), "cannot-tell", nameof(Outcome.Abstained))]
    [InlineData(nameof(Tie.SameStart), "shared-initialisation", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.SameStart), "related", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.SameStart), "derived", nameof(Outcome.Misjudged))]
    [InlineData(nameof(Tie.SameStart), "none-found", nameof(Outcome.Missed))]
    [InlineData(nameof(Tie.Unrelated), "none-found", nameof(Outcome.Right))]
    [InlineData(nameof(Tie.Unrelated), "cannot-tell", nameof(Outcome.Abstained))]
    [InlineData(nameof(Tie.Unrelated), "related", nameof(Outcome.FalselyAccused))]
    [InlineData(nameof(Tie.Unrelated), "shared-initialisation", nameof(Outcome.FalselyAccused))]
    public void VerdictsAreJudgedByTheTruth(string tie, string relation, string outcome) =>
        Assert.Equal(outcome, Expectation.Judge(Enum.Parse<Tie>(tie), relation).ToString());

    [Fact]
    public void LayerMapsAreFollowedToTheAncestor()
    {
        Assert.Equal([0, 2, 3], s_expectation.LayerMap("child", "a")!);
        Assert.Equal([2, -1, 3], s_expectation.LayerMap("grandchild", "a")!);
        Assert.Null(s_expectation.LayerMap("merged", "a"));
        Assert.Null(s_expectation.LayerMap("sibling", "a"));
        Assert.Null(s_expectation.LayerMap("child", "b"));
    }

    private static ManifestModel Model(string name, string? start, params string[] parents) => new(name, "kind", parents, start, "0", "recipe", 1, name, name, false);
}
