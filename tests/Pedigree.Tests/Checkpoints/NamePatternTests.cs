using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public class NamePatternTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcb", false)]
    [InlineData("*.q_proj.*", "model.layers.0.self_attn.q_proj.weight", true)]
    [InlineData("?", "", false)]
    [InlineData("a*b*c*d*e*f*g*h", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Patterns_match_whole_names(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Matches(pattern, name));
}
