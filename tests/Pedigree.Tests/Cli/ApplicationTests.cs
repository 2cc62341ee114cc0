using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Cli;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Reports;
using Xunit;

namespace Pedigree.Tests.Cli;

public sealed class ApplicationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pedigree-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("related", 1)]
    [InlineData("none-found", 0)]
    [InlineData("cannot-tell", 2)]
    [InlineData("two", 1)]
    public async Task The_exit_code_says_what_was_found(string sample, int code)
    {
        var outcome = await new CommandLine { Compare = (_, _, _) => ReportJsonTests.Sample(sample) }.RunAsync("compare", "a", "b");
        Assert.Equal(code, outcome.Code);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public void Cannot_tell_wins_over_nothing_found()
    {
        var (nothing, unknown) = (SampleReports.NoneFound().Results[0], SampleReports.CannotTell().Results[0]);
        Assert.Equal(ExitCode.CannotTell, ExitCodes.Of(SampleReports.Related() with { Results = [nothing, unknown] }));
    }

    [Fact]
    public void Exit_codes_differ_and_are_documented()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 130], Enum.GetValues<ExitCode>().Select(code => (int)code));
        var documentation = File.ReadAllText(Path.Combine(Repository(), "docs", "exit-codes.md"));
        Assert.All(ExitCodes.Meanings, entry => Assert.Contains($"| {(int)entry.Code} | {entry.Meaning} |", documentation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("compare")]
    [InlineData("compare", "a")]
    [InlineData("compare", "a", "b", "--sede", "1")]
    [InlineData("compare", "a", "b", "--seed", "twelve")]
    [InlineData("compare", "a", "b", "--seed")]
    [InlineData("compare", "a", "b", "--budget", "0")]
    [InlineData("compare", "a", "b", "--budget", "12 parsecs")]
    [InlineData("compare", "a", "b", "--full", "--budget", "1G")]
    [InlineData("compare", "a", "b", "--threads", "0")]
    [InlineData("compare", "a", "b", "--threads", "many")]
    [InlineData("compare", "a", "b", "--seed", "1", "--seed", "2")]
    [InlineData("compare", "a", "b", "--published-first", "me")]
    [InlineData("compare", "a", "b", "--output", "/")]
    [InlineData("compare", "a", "b", "--output", "/no/such/folder/report.json")]
    [InlineData("compare", "a", "b", "--output", "b")]
    [InlineData("compare", "a", "b", "--html", "/")]
    [InlineData("compare", "a", "b", "--html", "")]
    [InlineData("compare", "a", "b", "--html", "b")]
    [InlineData("compare", "a", "b", "--html", "same", "--markdown", "same")]
    [InlineData("compare", "a", "b", "--output", "same", "--html", "./same")]
    [InlineData("inspect", "a", "--markdown", "/no/such/folder/report.md")]
    [InlineData("show", "r.json", "--html", "r.json")]
    [InlineData("guess")]
    [InlineData("show")]
    public async Task Bad_usage_ends_with_3_and_an_error(params string[] arguments)
    {
        var outcome = await new CommandLine { Compare = (_, _, _) => throw new InvalidOperationException("must not run") }.RunAsync(arguments);
        Assert.Equal(3, outcome.Code);
        Assert.StartsWith("error: ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task Reports_are_written_beside_what_is_printed_and_a_page_can_be_shown()
    {
        var (html, text) = (Path.Combine(folder, "report.html"), Path.Combine(folder, "report.md"));
        var program = new CommandLine();
        var first = await program.RunAsync("compare", "a", "b", "--html", html, "--markdown", text);
        var again = await program.RunAsync("show", html);
        Assert.Equal((1, "", 1), (first.Code, first.Error, again.Code));
        Assert.Equal(first.Output, again.Output);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("## ", await File.ReadAllTextAsync(text, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var copy = Path.Combine(folder, "copy.html");
        Assert.Equal(1, (await program.RunAsync("show", html, "--html", copy, "--json")).Code);
        Assert.Equal(await File.ReadAllBytesAsync(html, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("`--sede` is no option of this command. Did you mean `--seed`?", "compare", "a", "b", "--sede", "1")]
    [InlineData("`--detials` is no option of this command. Did you mean `--details`?", "show", "r.json", "--detials")]
    [InlineData("`--zzz` is no option of this command. If it is a path, write `./--zzz`.", "inspect", "--zzz")]
    [InlineData("`compar` is no command. Did you mean `compare`?", "compar", "a", "b")]
    [InlineData("`guess` is no command; there are `compare`, `inspect`, `show`, `check-map`.", "guess")]
    [InlineData("A command is missing: `compare`, `inspect`, `show`, `check-map`.")]
    [InlineData("`inspect` needs a MODEL.", "inspect")]
    [InlineData("`compare` needs a REFERENCE.", "compare", "a")]
    [InlineData("`y` is one argument too many for `show`.", "show", "x", "y")]
    [InlineData("`--seed` needs a value.", "compare", "a", "b", "--seed")]
    [InlineData("`me` cannot have been published first; write `suspect` or `reference`.", "compare", "a", "b", "--published-first", "me")]
    public async Task Bad_usage_is_explained(string sentence, params string[] arguments)
    {
        var outcome = await new CommandLine().RunAsync(arguments);
        Assert.Equal(3, outcome.Code);
        Assert.StartsWith($"error: {sentence}\nhint: Run `pedigree ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_input_ends_with_4_and_names_file_tensor_and_hint()
    {
        var outcome = await new CommandLine
        {
            Compare = (_, _, _) => throw new CheckpointException("The shape is negative.", "m/x.safetensors", "evil\u001b[2J", "Download it again."),
        }.RunAsync("compare", "m", "b");
        Assert.Equal(4, outcome.Code);
        Assert.Equal("error: `m/x.safetensors`: tensor `evil\\u{1B}[2J`: The shape is negative.\nhint: Download it again.\n", outcome.Error);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task An_internal_error_ends_with_5_and_shows_its_trace_on_request()
    {
        var program = new CommandLine { Compare = (_, _, _) => throw new InvalidOperationException("seat [3] is empty") };
        var outcome = await program.RunAsync("compare", "a", "b");
        Assert.Equal(5, outcome.Code);
        Assert.StartsWith("error: Internal error: InvalidOperationException: seat [3] is empty\nhint: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", (await program.RunAsync("compare", "a", "b", "--verbose")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_with_130()
    {
        using var stop = new CancellationTokenSource();
        var outcome = await new CommandLine
        {
            Compare = (_, _, cancellation) =>
            {
                stop.Cancel();
                cancellation.ThrowIfCancellationRequested();
                return SampleReports.Related();
            },
            Cancellation = stop.Token,
        }.RunAsync("compare", "a", "b");
        Assert.Equal((130, "", "Cancelled.\n"), (outcome.Code, outcome.Output, outcome.Error));
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_a_stage_that_does_not_listen()
    {
        using var stop = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var outcome = await new CommandLine
        {
            Inspect = (_, _, _) =>
            {
                stop.Cancel();
                never.Wait(TimeSpan.FromMinutes(5), CancellationToken.None);
                throw new InvalidOperationException("was waited for");
            },
            Cancellation = stop.Token,
        }.RunAsync("inspect", "a");
        never.Set();
        Assert.Equal((130, "", "Cancelled.\n"), (outcome.Code, outcome.Output, outcome.Error));
    }

    [Fact]
    public async Task Options_reach_the_comparison()
    {
        ComparisonRequest? seen = null;
        var program = new CommandLine
        {
            Compare = (request, _, _) =>
            {
                seen = request;
                return SampleReports.Related();
            },
        };
        await program.RunAsync("compare", "s", "a", "b", "--seed", "5eed000000c0ffee", "--budget", "1.5GiB", "--published-first", "reference", "--threads", "3");
        Assert.Equal(("s", 0x5eed000000c0ffeeUL, 1610612736L, "reference", 3, false), (seen!.Suspect, seen.Seed, seen.BudgetBytes, seen.PublishedFirst, seen.Threads, seen.Full));
        Assert.Equal(["a", "b"], seen.References);
        await program.RunAsync("compare", "s", "a", "--full");
        Assert.Equal((null, ComparisonRequest.DefaultBudgetBytes, true), (seen.Seed, seen.BudgetBytes, seen.Full));
    }

    [Fact]
    public async Task Json_goes_to_the_output_and_to_the_file_and_can_be_shown_again()
    {
        var file = Path.Combine(folder, "report.json");
        var compared = await new CommandLine().RunAsync("compare", "a", "b", "--json", "--output", file);
        Assert.Equal(File.ReadAllText(file), compared.Output);
        var page = await new CommandLine().RunAsync("compare", "a", "b");
        Assert.Equal((1, page.Output), await ShowAsync(file));
        Assert.Equal((1, compared.Output), await ShowAsync(file, "--json"));
        var details = await new CommandLine().RunAsync("compare", "a", "b", "--details");
        Assert.Equal((1, details.Output), await ShowAsync(file, "--details"));
        Assert.NotEqual(page.Output, details.Output);
    }

    [Theory]
    [InlineData(null, "cannot be opened")]
    [InlineData("not json", "not valid JSON")]
    [InlineData("{\"schema\":\"pedigree/compare/99\"}", "pedigree/compare/99")]
    public async Task A_report_that_cannot_be_read_ends_with_4(string? content, string reason)
    {
        var file = Path.Combine(folder, "broken.json");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, Encoding.UTF8, TestContext.Current.CancellationToken);
        }

        var outcome = await new CommandLine().RunAsync("show", file);
        Assert.Equal(4, outcome.Code);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(file, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_estimate_precedes_long_work_unless_quiet()
    {
        var program = new CommandLine
        {
            Compare = (_, progress, _) =>
            {
                progress.Estimate(30_000_000_000, 1e13, 1e13);
                progress.Estimate(1_000_000, 0.9e12, 2.9e12);
                progress.Report("Matching neurons", 0.5);
                return SampleReports.Related();
            },
        };
        Assert.Matches(
            "^Reading 30.0 GB and comparing will take about \\d+ minutes.\nReading 1.0 MB and searching for a hidden origin will take about 20 seconds if one is soon found, 60 seconds if not.\n$",
            (await program.RunAsync("compare", "a", "b", "--threads", "2")).Error);
        Assert.Empty((await program.RunAsync("compare", "a", "b", "--quiet")).Error);
        Assert.EndsWith("\nMatching neurons\n", (await program.RunAsync("compare", "a", "b", "-v")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("inspect")]
    [InlineData("show")]
    [InlineData("check-map")]
    public async Task Help_has_examples_and_exit_codes(string command)
    {
        var outcome = await new CommandLine().RunAsync(command, "--help");
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"Examples:\n  pedigree {command} ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  130  cancelled", outcome.Output, StringComparison.Ordinal);
        Approved.Verify(outcome.Output, $"help-{command}");
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var outcome = await new CommandLine().RunAsync("--version");
        Assert.Equal(0, outcome.Code);
        Assert.Matches("^pedigree \\d+\\.\\d+\\.\\d+\r?\n$", outcome.Output);
    }

    private static async Task<(int Code, string Output)> ShowAsync(params string[] arguments)
    {
        var outcome = await new CommandLine().RunAsync(["show", .. arguments]);
        return (outcome.Code, outcome.Output);
    }

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));
}
