using System.CommandLine;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Commands;

/// <summary><c>pedigree show</c>: draws a report that was written earlier.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Argument<string> report = new Argument<string>("REPORT")
    {
        Description = "A report that `compare` wrote with `--json`, `--output` or `--html`.",
    }.RefusingOptions();

    private readonly Option<bool> json = new("--json") { Description = "Print the report as JSON in its canonical form." };

    private readonly Option<bool> details = new("--details") { Description = "Print every figure with its source, not just what a reader needs first." };

    private readonly ReportFiles files = new();

    public ShowCommand(CommandContext context)
        : base("show", "Show a report again; the exit code is the one of the comparison.")
    {
        Arguments.Add(report);
        Options.Add(details);
        Options.Add(json);
        foreach (var option in files.Options)
        {
            Options.Add(option);
        }

        SetAction(parsed =>
        {
            var pages = files.Of(parsed, [parsed.GetValue(report)!]);
            var content = Read(parsed.GetValue(report)!);
            pages.Html?.Write(stream => HtmlReport.Write(stream, content));
            pages.Markdown?.Write(stream => MarkdownReport.Write(stream, content));
            if (parsed.GetValue(json))
            {
                ReportJson.Write(context.Streams.Output, content);
            }
            else
            {
                ComparisonPage.Write(context.Streams.Page, content, parsed.GetValue(details));
            }

            return (int)ExitCodes.Of(content);
        });
    }

    private static ComparisonReport Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var content = EmbeddedReport.Open(file);
            return ReportJson.Read(content);
        }
        catch (ReportException exception)
        {
            throw new ReportException($"`{path}`: {exception.Message}", exception.Hint, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ReportException($"The report `{path}` cannot be opened: {exception.Message}", null, exception);
        }
    }
}
