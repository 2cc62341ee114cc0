using Pedigree.Cli;
using Xunit;

namespace Pedigree.Tests.Cli;

/// <summary>The program on the trained models of the repository.</summary>
public sealed class RealPageTests : IDisposable
{
    private const int LongestPage = 100;

    private readonly string folder = Directory.CreateTempSubdirectory("pedigree-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("ft", "A1", 1, "RELATED")]
    [InlineData("A2", "A1", 0, "NONE FOUND")]
    public async Task The_page_of_a_small_pair_stays_short_and_can_be_shown_again(string suspect, string reference, int code, string word)
    {
        var file = Path.Combine(folder, "report.json");
        var program = new CommandLine { Compare = Engine.Library.Compare };
        var page = await program.RunAsync("compare", SampleModel.Path(suspect), SampleModel.Path(reference), "--output", file);
        Assert.Equal((code, ""), (page.Code, page.Error));
        Assert.Contains($"\n  {word}", page.Output, StringComparison.Ordinal);
        var lines = page.Output.TrimEnd('\n').Split('\n').Length;
        Assert.True(lines <= LongestPage, $"The page has {lines} lines.");
        var shown = await program.RunAsync("show", file);
        Assert.Equal((code, page.Output), (shown.Code, shown.Output));
    }

    [Fact]
    public async Task Several_references_begin_with_a_table_that_explains_the_correction()
    {
        var outcome = await new CommandLine { Compare = Engine.Library.Compare }
            .RunAsync("compare", SampleModel.Path("ft"), SampleModel.Path("A1"), SampleModel.Path("A2"));
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("One suspect, 2 references ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("(Holm): the smallest counts 2 times", outcome.Output.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trained_model_is_inspected_on_less_than_a_screen()
    {
        var outcome = await new CommandLine { Inspect = Engine.Library.Inspect }.RunAsync("inspect", SampleModel.Path("A1"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("every tensor has a role", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("no sign of untrained weights", outcome.Output, StringComparison.Ordinal);
        Assert.InRange(outcome.Output.Split('\n').Length, 10, 40);
    }
}
