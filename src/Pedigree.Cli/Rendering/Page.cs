using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>A piece of a line in one tone.</summary>
internal readonly record struct Fragment(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Fragment(string text) => new(text);
}

/// <summary>Sets text on a console: margins, labels, wrapping. All text passes through <see cref="VisibleText"/>, and none is read as markup,
/// so nothing that a file contains can steer the terminal.</summary>
internal sealed class Page
{
    /// <summary>Columns left of all text below a title.</summary>
    public const int Margin = 2;

    private const int LabelWidth = 14;
    private const int WidestProse = 100;
    private readonly IAnsiConsole console;

    public Page(IAnsiConsole console)
    {
        this.console = console;
        Width = Math.Clamp(console.Profile.Width, 80, 120);
        Glyphs = console.Profile.Capabilities.Unicode ? Glyphs.Unicode : Glyphs.Ascii;
    }

    /// <summary>Columns that may be used: the console's, between 80 and 120.</summary>
    public int Width { get; }

    public Glyphs Glyphs { get; }

    private int ProseWidth => Math.Min(Width, WidestProse);

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

    /// <summary>A line across the page above a heading of the first order.</summary>
    public void Opening(string text)
    {
        Line(0, new Fragment(new string(Glyphs.HeavyRule, ProseWidth), Tone.Quiet));
        Prose(text, 0, Tone.Strong);
    }

    /// <summary>A heading of the second order with what it means for the reader, and a line below.</summary>
    public void Section(string title, string meaning)
    {
        Blank();
        Blank();
        if (meaning.Length == 0)
        {
            Line(0, new Fragment(title, Tone.Strong));
        }
        else
        {
            Line(0, new Fragment(title, Tone.Strong), "  ", new Fragment(meaning, Tone.Quiet));
        }

        Line(0, new Fragment(new string(Glyphs.Rule, ProseWidth), Tone.Quiet));
    }

    /// <summary>Wrapped text.</summary>
    public void Prose(string text, int indent = Margin, Tone tone = Tone.Plain)
    {
        foreach (var line in TextWrap.Lines(VisibleText.Of(text), ProseWidth - indent))
        {
            Line(indent, new Fragment(line, tone));
        }
    }

    /// <summary>Wrapped text beside a label.</summary>
    public void Field(string label, string text, Tone tone = Tone.Plain, Tone labelTone = Tone.Quiet, int labelWidth = LabelWidth)
    {
        var head = label;
        foreach (var line in TextWrap.Lines(VisibleText.Of(text), ProseWidth - Margin - labelWidth))
        {
            Line(Margin, new Fragment(head.PadRight(labelWidth), labelTone), new Fragment(line, tone));
            head = "";
        }
    }

    /// <summary>Wrapped text after a bullet.</summary>
    public void Item(string text) => Field(Glyphs.Bullet, text, labelWidth: 2);
}
