using System.CommandLine;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Cli.Terminals;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Commands;

/// <summary><c>pedigree inspect</c>: what does a model consist of?</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> model = new Argument<string>("MODEL")
    {
        Description = "A weight file, or a folder that holds them.",
    }.RefusingOptions();

    private readonly Option<bool> tree = new("--tree") { Description = "Show the tree of modules and tensors, equal layers and experts told once." };

    private readonly Option<bool> layers = new("--layers") { Description = "Show a table of the layers; with --stats, what was measured on each." };

    private readonly Option<bool> stats = new("--stats")
    {
        Description = "Read every value once: mean, deviation, kurtosis, extremes, zeros, values that are no numbers, empty and repeated rows.",
    };

    private readonly Option<string?> tensors = new("--tensors")
    {
        Description = "List and measure only tensors with such names; * stands for any letters, ? for one. Put it in quotes, or the shell may replace it.",
        HelpName = "'GLOB'",
    };

    private readonly Option<bool> json = new("--json") { Description = "Print JSON instead of the page." };

    private readonly Option<bool> digest = new("--digest") { Description = "Read every value and show SHA-256 digests that survive a change of container." };

    private readonly Option<int?> threads = ThreadsOption.Create();

    private readonly ReportFiles files = new();

    public InspectCommand(CommandContext context)
        : base("inspect", "Show what the tensors of a model are for, and which were not understood.")
    {
        Arguments.Add(model);
        foreach (var option in (Option[])[tree, layers, stats, tensors, digest, json, .. files.Options, threads])
        {
            Options.Add(option);
        }

        SetAction(async (parsed, cancellation) =>
        {
            var request = Request(parsed);
            var pages = files.Of(parsed, [request.Model]);
            var verbose = parsed.GetValue(context.Verbose);
            var progress = new ProgressDisplay(
                context.Streams.Messages, new ProgressChoice(Quiet: false, !verbose && context.Streams.ProgressCanBeSeen, verbose), request.Measurement.Threads);
            var report = await progress.RunAsync(sink => context.Engine.Inspect(request, sink, cancellation), cancellation);
            pages.Html?.Write(stream => HtmlInspection.Write(stream, report));
            pages.Markdown?.Write(stream => MarkdownReport.Write(stream, report));
            if (parsed.GetValue(json))
            {
                Inspection.Write(context.Streams.Output, report);
            }
            else
            {
                InspectionPage.Write(new Page(context.Streams.Page), report, parsed.GetValue(tree));
            }

            return (int)ExitCode.NothingFound;
        });
    }

    private InspectionRequest Request(ParseResult parsed) => new(
        parsed.GetValue(model)!,
        new MeasurementOptions
        {
            Tensors = parsed.GetValue(tensors) ?? "*",
            Listed = parsed.GetValue(tree) || parsed.GetValue(tensors) is not null,
            Statistics = parsed.GetValue(stats),
            Layers = parsed.GetValue(layers),
            Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
        },
        parsed.GetValue(digest));
}
