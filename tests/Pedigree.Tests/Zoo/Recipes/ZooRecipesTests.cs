using Pedigree.Zoo.Recipes;
using Xunit;

namespace Pedigree.Tests.Zoo.Recipes;

public sealed class ZooRecipesTests
{
    [Theory]
    [InlineData("quick")]
    [InlineData("full")]
    [InlineData("controls")]
    public void NamesAreUniqueAndInputsComeFirst(string zoo)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in ZooRecipes.Of(zoo))
        {
            Assert.All(entry.Inputs.Concat(entry.Parents), input => Assert.Contains(input, seen));
            Assert.True(seen.Add(entry.Name), entry.Name);
            Assert.Equal(entry.Start is null, entry.Inputs.Count > 0 && entry.Kind != "distilled");
        }
    }

    [Fact]
    public void NoControlSharesAStartWithAZoo()
    {
        var starts = ZooRecipes.Of("full").Concat(ZooRecipes.Of("quick")).Select(entry => entry.Start).ToHashSet(StringComparer.Ordinal);
        Assert.All(ZooRecipes.Of("controls"), control => Assert.DoesNotContain(control.Start, starts));
    }

    [Fact]
    public void AnUnknownZooIsRefused() => Assert.Throws<ArgumentException>(() => ZooRecipes.Of("large"));
}
