using System.CommandLine;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Cli.Terminals;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Commands;

/// <summary><c>pedigree check-map</c>: does a recovered map turn the reference into the suspect?</summary>
internal sealed class CheckMapCommand : Command
{
    private readonly Argument<string> map = new Argument<string>("MAP")
    {
        Description = "A map that `compare --emit-map` wrote.",
    }.RefusingOptions();

    private readonly Argument<string> suspect = new Argument<string>("SUSPECT") { Description = "The model examined." }.RefusingOptions();

    private readonly Argument<string> reference = new Argument<string>("REFERENCE") { Description = "The model that it was compared with." }.RefusingOptions();

    private readonly Option<bool> json = new("--json") { Description = "Print JSON instead of the page." };

    public CheckMapCommand(CommandContext context)
        : base("check-map", "Apply a recovered map and measure how far it reproduces the reference; exits with 0 if it holds and 2 if not.")
    {
        Arguments.Add(map);
        Arguments.Add(suspect);
        Arguments.Add(reference);
        Options.Add(json);
        SetAction(async (parsed, cancellation) =>
        {
            var verbose = parsed.GetValue(context.Verbose);
            var progress = new ProgressDisplay(context.Streams.Messages, new ProgressChoice(Quiet: false, !verbose && context.Streams.ProgressCanBeSeen, verbose), Environment.ProcessorCount);
            var report = await progress.RunAsync(
                sink => MapCheck.Run(parsed.GetValue(map)!, parsed.GetValue(suspect)!, parsed.GetValue(reference)!, Environment.ProcessorCount, sink, cancellation), cancellation);
            if (parsed.GetValue(json))
            {
                MapCheckJson.Write(context.Streams.Output, report);
            }
            else
            {
                MapCheckPage.Write(context.Streams.Page, report);
            }

            return (int)(report.Holds ? ExitCode.NothingFound : ExitCode.CannotTell);
        });
    }
}
