using System.Text;
using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering.Markdown;

/// <summary>Sets the blocks of a report as Markdown, as issue threads and model cards show it.</summary>
internal sealed class MarkdownPage(StringBuilder text) : IPage
{
    private bool inList;

    public string More => "in the report itself";

    public Glyphs Glyphs => Glyphs.Unicode;

    public void Opening(string text) => Paragraph($"## {MarkdownText.Of(text)}");

    public void Section(string title, string meaning)
    {
        Paragraph($"### {MarkdownText.Of($"{title[..1]}{title[1..].ToLowerInvariant()}")}");
        if (meaning.Length > 0)
        {
            Paragraph($"*{MarkdownText.Of(meaning)}*");
        }
    }

    public void Heading(string text, string note) => Paragraph($"#### {MarkdownText.Of(text)}{(note.Length > 0 ? $" ({MarkdownText.Code(note)})" : "")}");

    public void Verdict(string word, string reason, bool isFound) => Paragraph($"**{MarkdownText.Of(word)}**{(reason.Length > 0 ? $" · {MarkdownText.Of(reason)}" : "")}");

    public void Prose(string text, Tone tone = Tone.Plain) => Paragraph(tone is Tone.Strong ? $"**{MarkdownText.Of(text)}**" : MarkdownText.Of(text));

    public void Field(string label, string text, Tone tone = Tone.Plain)
    {
        if (text.Length > 0)
        {
            Line(label.Trim().Length > 0 ? $"- **{MarkdownText.Of(label.Trim())}:** {MarkdownText.Of(text)}" : $"  - {MarkdownText.Of(text)}");
        }
    }

    public void Item(string mark, string text, Tone markTone = Tone.Quiet, Tone tone = Tone.Plain) =>
        Line($"- {(mark is "•" ? "" : $"{MarkdownText.Of(mark)} ")}{MarkdownText.Of(text)}");

    public void Table(IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder();
        Row(table, columns.Select(column => MarkdownText.Of(column.Title)));
        Row(table, columns.Select(column => column.IsNumber ? "---:" : "---"));
        foreach (var row in rows)
        {
            Row(table, row.Select(MarkdownText.Of));
        }

        Paragraph(table.ToString().TrimEnd('\n'));
    }

    public void Strips(IReadOnlyList<EvidenceItem> items)
    {
        foreach (var item in items.Where(item => item.PerLayer.Any(layer => layer.ReferenceLayer >= 0)))
        {
            Line($"- {MarkdownText.Of(TestNames.Of(item.Test))}, one cell a layer: {MarkdownText.Code(string.Concat(item.PerLayer.Select(layer => LayerStrip.Cell(layer, Glyphs))))}");
        }
    }

    public void Blank()
    {
    }

    /// <summary>A line of code by itself.</summary>
    public void Command(string command) => Paragraph(MarkdownText.Code(command));

    private static void Row(StringBuilder table, IEnumerable<string> cells) => table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private void Paragraph(string paragraph)
    {
        Separate();
        text.Append(paragraph).Append('\n');
        inList = false;
    }

    private void Line(string line)
    {
        if (!inList)
        {
            Separate();
        }

        text.Append(line).Append('\n');
        inList = true;
    }

    private void Separate()
    {
        if (text.Length > 0)
        {
            text.Append('\n');
        }
    }
}
