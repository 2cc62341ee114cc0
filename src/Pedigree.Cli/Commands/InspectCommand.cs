using System.CommandLine;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Cli.Terminals;
using Pedigree.Reports;

namespace Pedigree.Cli.Commands;

/// <summary><c>pedigree inspect</c>: what does a model consist of?</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> model = new Argument<string>("MODEL")
    {
        Description = "A weight file, or a folder that holds them.",
    }.RefusingOptions();

    private readonly Option<bool> json = new("--json") { Description = "Print JSON instead of the page." };

    private readonly Option<bool> digest = new("--digest") { Description = "Read every value and show SHA-256 digests that survive a change of container." };

    private readonly ReportFiles files = new();

    public InspectCommand(CommandContext context)
        : base("inspect", "Show what the tensors of a model are for, and which were not understood.")
    {
        Arguments.Add(model);
        Options.Add(json);
        Options.Add(digest);
        foreach (var option in files.Options)
        {
            Options.Add(option);
        }

        SetAction(async (parsed, cancellation) =>
        {
            var pages = files.Of(parsed, [parsed.GetValue(model)!]);
            var verbose = parsed.GetValue(context.Verbose);
            var progress = new ProgressDisplay(context.Streams.Messages, new ProgressChoice(Quiet: false, !verbose && context.Streams.ProgressCanBeSeen, verbose), threads: 1);
            var report = await progress.RunAsync(sink =>
            {
                sink.Report("finding out what the tensors are for", 0);
                return context.Engine.Inspect(parsed.GetValue(model)!, parsed.GetValue(digest), cancellation);
            }, cancellation);
            pages.Html?.Write(stream => HtmlInspection.Write(stream, report));
            pages.Markdown?.Write(stream => MarkdownReport.Write(stream, report));
            if (parsed.GetValue(json))
            {
                Inspection.Write(context.Streams.Output, report);
            }
            else
            {
                InspectionPage.Write(new Page(context.Streams.Page), report);
            }

            return (int)ExitCode.NothingFound;
        });
    }
}
