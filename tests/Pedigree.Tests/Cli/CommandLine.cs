using System.Text;
using Pedigree.Cli;
using Pedigree.Cli.Terminals;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Reports;

namespace Pedigree.Tests.Cli;

/// <summary>Runs the program inside the test, with something small in place of the library's work.</summary>
internal sealed class CommandLine
{
    public Func<ComparisonRequest, IProgressSink, CancellationToken, ComparisonReport> Compare { get; init; } = (_, _, _) => SampleReports.Related();

    public Func<InspectionRequest, IProgressSink, CancellationToken, InspectionReport> Inspect { get; init; } = (_, _, _) => throw new InvalidOperationException("not expected");

    public CancellationToken Cancellation { get; init; } = CancellationToken.None;

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync(new PlainConsole(100), arguments);

    public async Task<Outcome> RunAsync(PlainConsole page, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var text = new StringWriter();
        var messages = new PlainConsole(1 << 16);
        var streams = new StandardStreams
        {
            Output = output,
            OutputText = text,
            Page = page.Console,
            Messages = messages.Console,
            ProgressCanBeSeen = false,
        };
        var code = await new Application(streams, new Engine(Compare, Inspect)).RunAsync(arguments, Cancellation);
        return new Outcome(code, text + page.Text + Encoding.UTF8.GetString(output.ToArray()), messages.Text);
    }

    public sealed record Outcome(int Code, string Output, string Error);
}
