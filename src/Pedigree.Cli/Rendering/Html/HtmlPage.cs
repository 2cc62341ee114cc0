using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Sets the blocks of a report as HTML.</summary>
internal sealed class HtmlPage : IPage
{
    private readonly Element root;
    private readonly int level;
    private Element current;
    private string title = "";

    /// <summary>Writes to an element.</summary>
    /// <param name="root">Receives sections.</param>
    /// <param name="level">Level of the headings of sections, 2 or 3.</param>
    public HtmlPage(Element root, int level)
    {
        (this.root, this.level) = (root, level);
        current = root;
    }

    public string More => "below";

    public Glyphs Glyphs => Glyphs.Unicode;

    public void Opening(string text) => root.Add(Element.Of($"h{level - 1}", Inline(text)));

    public void Section(string title, string meaning)
    {
        this.title = $"{title[..1]}{title[1..].ToLowerInvariant().Replace("kv ", "KV ", StringComparison.Ordinal)}";
        current = Element.Of("section", Element.Of($"h{level}", this.title), meaning.Length > 0 ? Element.Of("p", Inline(Capital(meaning) + (meaning.EndsWith('.') ? "" : "."))).Class("meaning") : null);
        root.Add(current);
    }

    public void Heading(string text, string note) => current.Add(Element.Of($"h{level + 1}", [Capital(text), note.Length > 0 ? Element.Of("small", $" {note}") : null]));

    public void Verdict(string word, string reason, bool isFound) => current.Add(Element.Of("p", Element.Of("b", word), reason.Length > 0 ? $" ({reason})" : null).Class("word"));

    public void Prose(string text, Tone tone = Tone.Plain) => current.Add(Toned(Element.Of("p", Inline(text)), tone));

    public void Field(string label, string text, Tone tone = Tone.Plain)
    {
        if (text.Length == 0)
        {
            return;
        }

        var list = Last("dl");
        if (label.Trim().Length > 0)
        {
            list.Add(Element.Of("dt", label.Trim()));
        }
        else if (list.Content.Count == 0)
        {
            list.Add(Element.Of("dt", "Note"));
        }

        list.Add(Toned(Element.Of("dd", Inline(text)), tone));
    }

    public void Item(string mark, string text, Tone markTone = Tone.Quiet, Tone tone = Tone.Plain) =>
        Last("ul").Add(Toned(Element.Of("li", [Element.Of("span", mark).Class(markTone is Tone.Attention or Tone.Fault ? "mark attention" : "mark"), " ", .. Inline(text)]), tone));

    public void Table(IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows) => current.Add(Figure.Table($"{title}: {columns[0].Title.ToLowerInvariant()}", columns, rows, showsCaption: false));

    // The strips have a figure of their own.
    public void Strips(IReadOnlyList<EvidenceItem> items)
    {
    }

    public void Blank()
    {
    }

    /// <summary>Text with what stands between backticks set as code.</summary>
    public static IReadOnlyList<Node> Inline(string text)
    {
        var parts = text.Split('`');
        return parts.Length < 3 || parts.Length % 2 == 0 ? [text] : [.. parts.Select((part, at) => at % 2 == 1 ? Element.Of("code", part) : (Node)part).Where(node => node is not Words { Text.Length: 0 })];
    }

    private Element Last(string name)
    {
        if (current.Content is [.., Element last] && string.Equals(last.Name, name, StringComparison.Ordinal))
        {
            return last;
        }

        var list = Element.Of(name);
        current.Add(list);
        return list;
    }

    private static Element Toned(Element element, Tone tone) => tone switch
    {
        Tone.Strong => element.Class("strong"),
        Tone.Quiet => element.Class("quiet"),
        Tone.Attention or Tone.Fault => element.Class("attention"),
        _ => element,
    };

    private static string Capital(string text) => text.Length == 0 ? text : $"{text[..1].ToUpperInvariant()}{text[1..]}";
}
