using System.Text;
using System.Xml.Linq;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Lineage;

namespace Pedigree.Tests.Cli.Html;

/// <summary>A page as it was written, with its elements.</summary>
internal sealed class WrittenPage
{
    private WrittenPage(byte[] bytes)
    {
        Bytes = bytes;
        Text = Encoding.UTF8.GetString(bytes);
        // A page is well-formed XML behind its first line.
        Root = XDocument.Parse(Text[Text.IndexOf('\n', StringComparison.Ordinal)..], LoadOptions.PreserveWhitespace).Root!;
    }

    public byte[] Bytes { get; }

    public string Text { get; }

    public XElement Root { get; }

    /// <summary>All text that is read, without the style and the embedded report; white space is one space.</summary>
    public string Read => string.Join(' ', Root.Element("body")!.DescendantNodes().OfType<XText>().Where(text => text.Parent!.Name.LocalName is not "script")
        .Select(text => text.Value).Aggregate(new StringBuilder(), (all, part) => all.Append(part)).ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static WrittenPage Of(ComparisonReport report) => Of(stream => HtmlReport.Write(stream, report));

    public static WrittenPage Of(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return new WrittenPage(stream.ToArray());
    }

    public IEnumerable<XElement> All(string name) => Root.Descendants(name);

    /// <summary>The structure: headings, figures, panels, tables and lists with their sizes; no coordinates.</summary>
    public string Outline()
    {
        var lines = new StringBuilder();
        Walk(Root.Element("body")!, 0);
        return lines.ToString();

        void Walk(XElement element, int depth)
        {
            foreach (var child in element.Elements())
            {
                var name = child.Name.LocalName;
                var style = (string?)child.Attribute("class");
                string? line = name switch
                {
                    "h1" or "h2" or "h3" or "h4" or "summary" => $"{name} {Flat(child)}",
                    "header" or "main" or "footer" or "article" or "section" or "details" or "dl" => $"{name}{(style is null ? "" : $".{style}")}",
                    "figure" => $"figure #{(string?)child.Attribute("id")}",
                    "p" when style is "kicker" or "word" => $"p.{style} {Flat(child)}",
                    "svg" when child.Element("title") is { } title => $"svg {title.Value}: {child.Element("desc")!.Value}",
                    "table" => $"table {child.Element("caption")!.Value}: {child.Descendants("tr").Count()} rows of {child.Descendants("tr").First().Elements().Count()}",
                    "ul" => $"ul of {child.Elements().Count()}",
                    _ => null,
                };
                if (line is not null)
                {
                    lines.Append(' ', 2 * depth).Append(line).Append('\n');
                }

                if (name is not ("svg" or "table" or "ul"))
                {
                    Walk(child, line is null ? depth : depth + 1);
                }
            }
        }
    }

    private static string Flat(XElement element) => string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
