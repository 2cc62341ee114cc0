using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>A whole page: head, style, body, and the report it was made from as JSON. It asks for nothing and runs nothing: its policy forbids both.</summary>
internal static class HtmlDocument
{
    /// <summary>Stands before the report in the page.</summary>
    public const string ReportBegins = "<script type=\"application/json\" id=\"report\">";

    /// <summary>Stands after it.</summary>
    public const string ReportEnds = "</script>";

    /// <summary>Writes a page as UTF-8.</summary>
    /// <param name="destination">Receives it; stays open.</param>
    /// <param name="title">Title of the page.</param>
    /// <param name="body">Its content.</param>
    /// <param name="json">The report.</param>
    public static void Write(Stream destination, string title, Element body, ReadOnlyMemory<byte> json)
    {
        var text = new StringBuilder("<!doctype html>\n");
        var writer = new MarkupWriter(text);
        var html = Element.Of("html").With("lang", "en");
        writer.Open(html);
        writer.Open(Element.Of("head"));
        var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(StyleSheet.Text)));
        foreach (var element in (Element[])
        [
            Element.Of("meta").With("charset", "utf-8"),
            Element.Of("meta").With("http-equiv", "Content-Security-Policy").With("content", $"default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'"),
            Element.Of("meta").With("name", "viewport").With("content", "width=device-width, initial-scale=1"),
            Element.Of("meta").With("name", "color-scheme").With("content", "light dark"),
            Element.Of("meta").With("name", "generator").With("content", Product.Command),
            Element.Of("title", title),
            Element.Of("link").With("rel", "icon").With("href", "data:,"),
        ])
        {
            writer.Write(element);
        }

        // The style is a constant of the program, and the report below has no character that HTML gives a meaning to.
        text.Append("<style>").Append(StyleSheet.Text).Append("</style>\n");
        writer.Close("head");
        writer.Open(body);
        foreach (var node in body.Content)
        {
            writer.Write(node);
        }

        text.Append(ReportBegins).Append(Embedded(json)).Append(ReportEnds).Append('\n');
        writer.Close("body");
        writer.Close("html");
        destination.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Written with the encoder that escapes everything but plain letters, digits and a few marks: neither tag nor comment can begin in it.
    private static string Embedded(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
