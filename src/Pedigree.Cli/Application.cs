using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Pedigree.Checkpoints;
using Pedigree.Cli.Commands;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Terminals;
using Pedigree.Reports;

namespace Pedigree.Cli;

/// <summary>The program: from arguments to an exit code. Every way in which it can end passes through here.</summary>
internal sealed class Application(StandardStreams streams, Engine engine)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var context = new CommandContext(streams, engine);
        var parsed = BuildCommands(context).Parse(arguments);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }))
        {
            return (int)Refuse(parsed);
        }

        try
        {
            // The program has its own answers to signals and exceptions; the parser's would change exit codes.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = streams.OutputText, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellation);
        }
        catch (Exception exception)
        {
            return (int)Explain(Innermost(exception), parsed.GetValue(context.Verbose), cancellation);
        }
    }

    private static Command BuildCommands(CommandContext context)
    {
        var help = new HelpOption { Recursive = true, Description = "Show help." };
        var text = (HelpAction)help.Action!;
        text.MaxWidth = Math.Clamp(context.Streams.Page.Profile.Width, 80, 100);
        help.Action = new HelpWithExamples(text);
        return new Command(Product.Command, "Where do the weights of a model come from? Decided from the weights, with error rates that hold.")
        {
            new CompareCommand(context),
            new InspectCommand(context),
            new ShowCommand(context),
            new CheckMapCommand(context),
            context.Verbose,
            help,
            new VersionOption { Action = new VersionLine(), Description = "Show the version." },
        };
    }

    private ExitCode Refuse(ParseResult parsed)
    {
        foreach (var message in UsageErrors.Of(parsed))
        {
            streams.Messages.WriteError(message);
        }

        var command = parsed.CommandResult.Command.Name;
        var path = string.Equals(command, Product.Command, StringComparison.Ordinal) ? Product.Command : $"{Product.Command} {command}";
        streams.Messages.WriteHint($"Run `{path} --help` for usage and examples.");
        return ExitCode.BadUsage;
    }

    private ExitCode Explain(Exception exception, bool showsTrace, CancellationToken cancellation)
    {
        switch (exception)
        {
            case OperationCanceledException when cancellation.IsCancellationRequested:
                streams.Messages.WriteNote("Cancelled.");
                return ExitCode.Cancelled;
            case UsageException usage:
                streams.Messages.WriteError(usage.Message, usage.Hint);
                return ExitCode.BadUsage;
            case CheckpointException checkpoint:
                streams.Messages.WriteError(WithPlace(checkpoint), checkpoint.Hint);
                return ExitCode.UnreadableInput;
            case ReportException report:
                streams.Messages.WriteError(report.Message, report.Hint);
                return ExitCode.UnreadableInput;
            case IOException or UnauthorizedAccessException:
                streams.Messages.WriteError(exception.Message);
                return ExitCode.UnreadableInput;
            default:
                return ExplainFault(exception, showsTrace);
        }
    }

    private ExitCode ExplainFault(Exception exception, bool showsTrace)
    {
        streams.Messages.WriteError(
            $"Internal error: {exception.GetType().Name}: {exception.Message}",
            showsTrace ? "Report this with the trace below." : "This is a fault of the program. Report it with what `--verbose` adds.");
        if (showsTrace)
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                streams.Messages.WriteNote(line.TrimEnd('\r'));
            }
        }

        return ExitCode.InternalError;
    }

    // Work on several threads wraps what went wrong; the first cause is what the user can act on.
    private static Exception Innermost(Exception exception) =>
        exception is AggregateException several && several.Flatten().InnerExceptions is [var first, ..] ? first : exception;

    // A message quotes a hostile name in its own way, so only what stands before the first odd character is looked for.
    private static bool Names(string message, string file)
    {
        var odd = file.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        var plain = odd < 0 ? file : file[..odd];
        return plain.Length > 0 && message.Contains(plain, StringComparison.Ordinal);
    }

    // Messages name the file and the tensor already in most cases; where one does not, the reader must still learn the place.
    private static string WithPlace(CheckpointException exception)
    {
        var message = exception.Message;
        if (exception.Tensor is { Length: > 0 } tensor && !message.Contains(tensor, StringComparison.Ordinal))
        {
            message = $"tensor `{tensor}`: {message}";
        }

        return Names(message, exception.File) ? message : $"`{exception.File}`: {message}";
    }
}
