using Pedigree.Evidence;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>A piece of a line in one tone.</summary>
internal readonly record struct Fragment(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Fragment(string text) => new(text);
}

/// <summary>Sets text on a console: margins, labels, wrapping. All text passes through <see cref="VisibleText"/>, and none is read as markup,
/// so nothing that a file contains can steer the terminal.</summary>
internal sealed class Page : IPage
{
    /// <summary>Columns left of all text below a title.</summary>
    public const int Margin = 2;

    /// <summary>The narrowest console that a page is set for; in a narrower one the terminal breaks the lines.</summary>
    public const int Narrowest = 40;

    private const int LabelWidth = 12;
    private const int WidestProse = 100;
    private readonly IAnsiConsole console;

    public Page(IAnsiConsole console)
    {
        this.console = console;
        Width = Math.Clamp(console.Profile.Width, Narrowest, 120);
        Glyphs = console.Profile.Capabilities.Unicode ? Glyphs.Unicode : Glyphs.Ascii;
    }

    /// <summary>Columns that may be used: the console's, between 40 and 120.</summary>
    public int Width { get; }

    /// <summary>Columns that sentences may use: lines of more than 100 are hard to read.</summary>
    public int ProseWidth => Math.Min(Width, WidestProse);

    public string More => "with `--details`";

    public Glyphs Glyphs { get; }

    public void Blank() => console.Write(new Text("\n"));

    /// <summary>One line that is not wrapped.</summary>
    public void Line(int indent, params ReadOnlySpan<Fragment> fragments)
    {
        var line = new Paragraph(new string(' ', indent));
        foreach (var fragment in fragments)
        {
            line.Append(VisibleText.Of(fragment.Text), fragment.Tone.Style());
        }

        console.Write(line.Append("\n"));
    }

    /// <summary>A heading of the first order, with a heavy line to the edge.</summary>
    public void Opening(string text) => Heading(text, "", Glyphs.HeavyRule);

    /// <summary>A heading of the second order with what it means for the reader.</summary>
    public void Section(string title, string meaning)
    {
        Blank();
        Heading(title, meaning, Glyphs.Rule);
    }

    public void Heading(string text, string note) =>
        Line(Margin, new Fragment(text, Tone.Strong), new Fragment(note.Length > 0 ? $"  {note}" : "", Tone.Quiet));

    public void Verdict(string word, string reason, bool isFound) =>
        Line(Margin, new Fragment(word, isFound ? Tone.Attention : Tone.Strong), new Fragment(reason.Length > 0 ? $"  {reason}" : ""));

    public void Prose(string text, Tone tone = Tone.Plain) => Indented(text, Margin, tone);

    public void Field(string label, string text, Tone tone = Tone.Plain) => Labelled(label, text, tone, Tone.Quiet, LabelWidth);

    public void Item(string mark, string text, Tone markTone = Tone.Quiet, Tone tone = Tone.Plain) =>
        Labelled(mark, text, tone, markTone, TextWrap.Cells(mark) + 1);

    public void Table(IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows) => PageTable.Write(this, columns, rows);

    public void Strips(IReadOnlyList<EvidenceItem> items) => LayerStrip.WriteAll(this, items);

    /// <summary>Wrapped text.</summary>
    public void Indented(string text, int indent, Tone tone = Tone.Plain)
    {
        foreach (var line in TextWrap.Lines(VisibleText.Of(text), ProseWidth - indent))
        {
            Line(indent, new Fragment(line, tone));
        }
    }

    private void Labelled(string label, string text, Tone tone, Tone labelTone, int labelWidth)
    {
        var head = label;
        foreach (var line in TextWrap.Lines(VisibleText.Of(text), ProseWidth - Margin - labelWidth))
        {
            Line(Margin, new Fragment(head.PadRight(labelWidth), labelTone), new Fragment(line, tone));
            head = "";
        }
    }

    private void Heading(string title, string meaning, char rule)
    {
        var used = TextWrap.Cells(title) + (meaning.Length > 0 ? 2 + TextWrap.Cells(meaning) : 0);
        if (used + 4 <= ProseWidth)
        {
            Line(0, new Fragment(title, Tone.Strong), new Fragment(meaning.Length > 0 ? $"  {meaning}" : "", Tone.Quiet),
                new Fragment(" " + new string(rule, ProseWidth - used - 1), Tone.Quiet));
            return;
        }

        Indented(title, 0, Tone.Strong);
        if (meaning.Length > 0)
        {
            Prose(meaning, Tone.Quiet);
        }
    }
}
