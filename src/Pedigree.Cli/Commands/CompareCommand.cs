using System.CommandLine;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Cli.Terminals;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Commands;

/// <summary><c>pedigree compare</c>: was the suspect made from one of the references?</summary>
internal sealed class CompareCommand : Command
{
    private readonly Argument<string> suspect = new Argument<string>("SUSPECT")
    {
        Description = "The model examined: a weight file, or a folder that holds them.",
    }.RefusingOptions();

    private readonly Argument<string[]> references = new Argument<string[]>("REFERENCE")
    {
        Description = "One or more models that may be its parent.",
        Arity = ArgumentArity.OneOrMore,
    }.RefusingOptions();

    private readonly Option<bool> json = new("--json") { Description = "Print the report as JSON instead of the page." };

    private readonly Option<bool> details = new("--details") { Description = "Print every figure with its source, not just what a reader needs first." };

    private readonly Option<string?> output = new("--output", "-o") { Description = "Write the report as JSON to this file too.", HelpName = "FILE" };

    private readonly Option<string?> emitMap = new("--emit-map")
    {
        Description = "Write the map that undoes a disguise, if one is found, as a safetensors file; `check-map` checks it.",
        HelpName = "FILE",
    };

    private readonly Option<ulong?> seed = new("--seed")
    {
        Description = "The seed of all sampling: hexadecimal after 0x or as 16 digits, decimal otherwise.",
        HelpName = "SEED",
        CustomParser = result =>
        {
            if (!SeedText.TryParse(result.Tokens[0].Value, out var value))
            {
                result.AddError($"`{result.Tokens[0].Value}` is no seed; write a number of up to 64 bits, such as 42 or 0x5eed.");
            }

            return value;
        },
    };

    private readonly Option<bool> full = new("--full") { Description = "Read every value of both models, not a sample." };

    private readonly Option<long?> budget = new("--budget")
    {
        Description = "Bytes of each model that may be read, each counted once, such as 500M or 20GiB: a first look of at most 64MiB or a sixteenth, then a search for hidden copies where it fits. [default: 1GiB]",
        HelpName = "BYTES",
        CustomParser = result =>
        {
            if (!ByteSize.TryParse(result.Tokens[0].Value, out var value))
            {
                result.AddError($"`{result.Tokens[0].Value}` is no size; write a number above 0 with K, M, G, T or KiB, MiB, GiB, TiB.");
            }

            return value;
        },
    };

    private readonly Option<string?> publishedFirst = new("--published-first")
    {
        Description = "Declare which model was published first; the report names this as an assumption.",
        HelpName = "suspect|reference",
    };

    private readonly Option<string?> adapterBase = new("--base")
    {
        Description = "The model that a low-rank adapter (LoRA) was made for; it is added to it before comparing.",
        HelpName = "MODEL",
    };

    private readonly Option<int?> threads = ThreadsOption.Create();

    private readonly Option<string[]> controls = new("--controls")
    {
        Description = "A folder of models known to be unrelated to the references: what they reach sets what a reordered or rotated suspect must exceed.",
        HelpName = "DIR",
    };

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Write nothing on the standard error but errors." };

    private readonly Option<bool> noProgress = new("--no-progress") { Description = "Show no progress bar." };

    private readonly ReportFiles files = new();

    private readonly CommandContext context;

    public CompareCommand(CommandContext context)
        : base("compare", "Decide whether a model was made from another, with an error rate that holds.")
    {
        this.context = context;
        publishedFirst.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && token.Value is not ("suspect" or "reference"))
            {
                result.AddError($"`{token.Value}` cannot have been published first; write `suspect` or `reference`.");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetValue(full) && result.GetResult(budget) is { Implicit: false })
            {
                result.AddError("`--full` reads everything, so `--budget` cannot be given with it.");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetValue(emitMap) is not null && result.GetValue(references) is { Length: > 1 })
            {
                result.AddError("`--emit-map` writes one map, so it needs a single reference.");
            }
        });
        foreach (var argument in (Argument[])[suspect, references])
        {
            Arguments.Add(argument);
        }

        foreach (var option in (Option[])[details, json, output, .. files.Options, emitMap, seed, full, budget, publishedFirst, controls, adapterBase, threads, quiet, noProgress])
        {
            Options.Add(option);
        }

        SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, cancellation));
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new ComparisonRequest(parsed.GetValue(suspect)!, parsed.GetValue(references)!)
        {
            Seed = parsed.GetValue(seed),
            Full = parsed.GetValue(full),
            BudgetBytes = parsed.GetValue(budget) ?? ComparisonRequest.DefaultBudgetBytes,
            PublishedFirst = parsed.GetValue(publishedFirst),
            Controls = [.. (parsed.GetValue(controls) ?? []).SelectMany(ControlFolder.Models)],
            AdapterBase = parsed.GetValue(adapterBase),
            MapFile = parsed.GetValue(emitMap),
            Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
        };
        var file = parsed.GetValue(output) is { } path ? new OutputFile(path, "--output", [request.Suspect, .. request.References]) : null;
        var pages = files.Of(parsed, [request.Suspect, .. request.References], parsed.GetValue(output));
        if (request.MapFile is { } mapPath)
        {
            _ = new OutputFile(mapPath, "--emit-map", [request.Suspect, .. request.References]);
        }

        var progress = new ProgressDisplay(context.Streams.Messages, Choice(parsed), request.Threads);
        var report = await progress.RunAsync(sink => context.Engine.Compare(request, sink, cancellation), cancellation);
        cancellation.ThrowIfCancellationRequested();

        file?.Write(stream => ReportJson.Write(stream, report));
        pages.Html?.Write(stream => HtmlReport.Write(stream, report));
        pages.Markdown?.Write(stream => MarkdownReport.Write(stream, report));
        if (parsed.GetValue(json))
        {
            ReportJson.Write(context.Streams.Output, report);
        }
        else
        {
            ComparisonPage.Write(context.Streams.Page, report, parsed.GetValue(details));
        }

        return ExitCodes.Of(report);
    }

    private ProgressChoice Choice(ParseResult parsed)
    {
        var isQuiet = parsed.GetValue(quiet);
        var showsStages = parsed.GetValue(context.Verbose) && !isQuiet;
        return new ProgressChoice(isQuiet, !isQuiet && !showsStages && !parsed.GetValue(noProgress) && context.Streams.ProgressCanBeSeen, showsStages);
    }
}
