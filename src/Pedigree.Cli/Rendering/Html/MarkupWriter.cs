using System.Text;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Writes elements as HTML. Text and values are escaped here and nowhere else.</summary>
internal sealed class MarkupWriter(StringBuilder destination)
{
    private static readonly HashSet<string> Void = new(["meta", "link", "br", "hr"], StringComparer.Ordinal);

    // A line feed after these changes nothing that is seen, and lets people and version control read the page.
    private static readonly HashSet<string> Block = new(
        "html head meta link title body header main footer nav section article div p h1 h2 h3 h4 ul ol li dl dt dd table caption thead tbody tr figure figcaption details summary svg g path rect line circle text desc hr"
        .Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> BreaksInside = new("html head body header main footer nav section article div ul ol dl table thead tbody figure details svg g".Split(' '), StringComparer.Ordinal);

    /// <summary>Writes a piece.</summary>
    public void Write(Node node)
    {
        if (node is Words words)
        {
            Escape(words.Text);
            return;
        }

        var element = (Element)node;
        Open(element);
        if (!Void.Contains(element.Name))
        {
            foreach (var child in element.Content)
            {
                Write(child);
            }

            Close(element.Name);
        }
        else if (Block.Contains(element.Name))
        {
            destination.Append('\n');
        }
    }

    /// <summary>Writes the beginning of an element.</summary>
    public void Open(Element element)
    {
        destination.Append('<').Append(element.Name);
        foreach (var (name, value) in element.Attributes)
        {
            destination.Append(' ').Append(name).Append("=\"");
            Escape(value);
            destination.Append('"');
        }

        // Closed in the way of XML too, so that any parser can check the page.
        destination.Append(Void.Contains(element.Name) ? "/>" : ">");
        if (BreaksInside.Contains(element.Name))
        {
            destination.Append('\n');
        }
    }

    /// <summary>Writes the end of an element.</summary>
    public void Close(string name)
    {
        destination.Append("</").Append(name).Append('>');
        if (Block.Contains(name))
        {
            destination.Append('\n');
        }
    }

    private void Escape(string text)
    {
        foreach (var letter in VisibleText.Of(text))
        {
            _ = letter switch
            {
                '&' => destination.Append("&amp;"),
                '<' => destination.Append("&lt;"),
                '>' => destination.Append("&gt;"),
                '"' => destination.Append("&quot;"),
                '\'' => destination.Append("&#39;"),
                _ => destination.Append(letter),
            };
        }
    }
}
