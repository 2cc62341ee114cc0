using System.CommandLine;
using Pedigree.Cli.Parsing;

namespace Pedigree.Cli.Commands;

/// <summary>The options that write a report to files beside what is printed.</summary>
internal sealed class ReportFiles
{
    private readonly Option<string?> html = new("--html") { Description = "Write the report as a web page to this file too: one file, for anybody to read.", HelpName = "FILE" };

    private readonly Option<string?> markdown = new("--markdown") { Description = "Write the report as Markdown to this file too, for issue threads and model cards.", HelpName = "FILE" };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [html, markdown];

    /// <summary>The files that were asked for, checked before any work.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="inputs">Files that must not be overwritten.</param>
    /// <param name="other">Another file that is written, or null.</param>
    /// <exception cref="UsageException">A file cannot be written, or two are the same.</exception>
    public Chosen Of(ParseResult parsed, IReadOnlyList<string> inputs, string? other = null)
    {
        var (page, text) = (parsed.GetValue(html), parsed.GetValue(markdown));
        var paths = new[] { other, page, text }.OfType<string>().Where(path => path.Length > 0).Select(Path.GetFullPath).ToArray();
        if (paths.Distinct(StringComparer.Ordinal).Count() < paths.Length)
        {
            throw new UsageException("Two reports cannot be written to one file.");
        }

        return new Chosen(page is null ? null : new OutputFile(page, "--html", inputs), text is null ? null : new OutputFile(text, "--markdown", inputs));
    }

    /// <summary>The files that are written.</summary>
    internal sealed record Chosen(OutputFile? Html, OutputFile? Markdown);
}
