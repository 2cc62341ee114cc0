using System.Text.Json;
using Pedigree.Checkpoints;
using Pedigree.Cli;
using Pedigree.Tests.Checkpoints;
using Spectre.Console.Rendering;
using Xunit;

namespace Pedigree.Tests.Cli;

/// <summary>What <c>inspect</c> shows beside its page.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private static readonly CommandLine Program = new() { Inspect = Engine.Library.Inspect };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_tree_the_layers_and_the_statistics_are_as_approved()
    {
        var outcome = await Program.RunAsync("inspect", SampleModel.Path("A1"), "--tree", "--layers", "--stats");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Approved.Verify(outcome.Output[outcome.Output.IndexOf("TREE", StringComparison.Ordinal)..], "inspect-tree-layers-stats");
    }

    [Fact]
    public async Task Options_reach_the_inspection()
    {
        InspectionRequest? seen = null;
        var program = new CommandLine
        {
            Inspect = (request, progress, cancellation) =>
            {
                seen = request;
                return Engine.Library.Inspect(request, progress, cancellation);
            },
        };
        await program.RunAsync("inspect", SampleModel.Path("A1"));
        Assert.Equal((false, false, false, false), (seen!.Measurement.Listed, seen.Measurement.Statistics, seen.Measurement.Layers, seen.Digests));
        await program.RunAsync("inspect", SampleModel.Path("A1"), "--layers", "--stats", "--tensors", "*norm*", "--threads", "3", "--digest");
        Assert.Equal(("*norm*", true, true, true, 3, true),
            (seen.Measurement.Tensors, seen.Measurement.Listed, seen.Measurement.Statistics, seen.Measurement.Layers, seen.Measurement.Threads, seen.Digests));
    }

    [Theory]
    [InlineData("up_proj", "A pattern stands for whole names: `*up_proj*` matches 4.")]
    [InlineData("mlp.upproj", "The nearest names are `model.layers.*.mlp.up_proj.weight`, ")]
    [InlineData("Model.Layers.7.MLP.*", "The nearest names are `model.layers.*.mlp.")]
    public async Task A_pattern_that_matches_nothing_is_an_error_with_near_names(string pattern, string hint)
    {
        var outcome = await Program.RunAsync("inspect", SampleModel.Path("A1"), "--tensors", pattern);
        Assert.Equal((3, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith($"error: No tensor has a name that matches `{pattern}`.\nhint: {hint}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_chooses_what_is_listed_and_measured()
    {
        var listed = await Program.RunAsync("inspect", SampleModel.Path("A1"), "--tensors", "model.layers.?.mlp.up*");
        Assert.Contains("TENSORS  4 tensors", listed.Output, StringComparison.Ordinal);
        Assert.Contains("model.layers.2.mlp.up_proj.weight  BF16  256 × 96  layer 2 Up", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("STATISTICS", listed.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await Program.RunAsync("inspect", SampleModel.Path("A1"), "--json", "--stats", "--tensors", "model.layers.?.mlp.up*")).Output);
        Assert.Equal(4, json.RootElement.GetProperty("tensors").GetArrayLength());
        Assert.Equal("model.layers.[0-3].mlp.up_proj.weight", Assert.Single(json.RootElement.GetProperty("folded").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Json_is_the_same_bytes_on_any_number_of_threads()
    {
        var one = await Program.RunAsync("inspect", SampleModel.Path("A4"), "--json", "--stats", "--layers", "--tree", "--threads", "1");
        var many = await Program.RunAsync("inspect", SampleModel.Path("A4"), "--json", "--stats", "--layers", "--tree", "--threads", "5");
        Assert.Equal((0, one.Output), (many.Code, many.Output));
    }

    [Fact]
    public async Task Odd_tensors_are_shown_for_what_they_are()
    {
        var path = folder.Join("model.safetensors");
        byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
        SafetensorsWriter.Write(path,
        [
            ("empty", ElementType.F32, [0, 4], Array.Empty<byte>()),
            ("integers", ElementType.I64, [2], new byte[16]),
            ("infinite", ElementType.F32, [2, 2], Floats(float.NaN, float.PositiveInfinity, 0, 1)),
            ("padded", ElementType.F32, [3, 16], Floats([.. new float[16], .. Enumerable.Repeat(0.5f, 32)])),
            ("scalar", ElementType.F32, [], Floats(2)),
            ("esc\u001b[2J\u202Eevil[red].0.x", ElementType.F32, [1], Floats(3)),
        ]);
        foreach (var width in new[] { 40, 60, 80, 120 })
        {
            var page = new PlainConsole(width);
            var outcome = await Program.RunAsync(page, "inspect", path, "--tree", "--stats", "--layers");
            Assert.Equal((0, ""), (outcome.Code, outcome.Error));
            Assert.All(page.Text.Split('\n'), line => Assert.True(new Segment(line).CellCount() <= width, line));
            Assert.DoesNotContain(page.Text, letter => char.IsControl(letter) && letter != '\n');
            Assert.Contains("esc\\u{1B}[2J\\u{202E}evil[red].0.x", string.Concat(page.Text.Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
        }

        var wide = (await Program.RunAsync("inspect", path, "--stats")).Output;
        Assert.Contains("Values that are infinite or not a number: 2 in 'infinite'.", wide, StringComparison.Ordinal);
        Assert.Contains("padding or units that do nothing: 1 in 'padded'.", wide.ReplaceLineEndings(" ").Replace("    ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Tensors without figures are empty, or hold whole numbers", wide, StringComparison.Ordinal);
        Assert.Matches(@"\n  scalar +2 +0 +– +2 +2 +0 %|\n  scalar +0 +– +2 +2 +0 %", wide);
        Assert.Matches(@"\n  padded +3 +1 +1 +0 +0 %", wide);
    }

    [Fact]
    public async Task Cancelling_stops_the_reading()
    {
        using var stop = new CancellationTokenSource();
        var program = new CommandLine
        {
            Cancellation = stop.Token,
            Inspect = (request, progress, cancellation) =>
            {
                stop.Cancel();
                return Engine.Library.Inspect(request, progress, cancellation);
            },
        };
        var outcome = await program.RunAsync("inspect", SampleModel.Path("A1"), "--stats");
        Assert.Equal((130, "", "Cancelled.\n"), (outcome.Code, outcome.Output, outcome.Error));
    }
}
