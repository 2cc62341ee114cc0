using System.Text;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Takes the JSON report out of a page that this program wrote.</summary>
internal static class EmbeddedReport
{
    // The page around a report adds less than this.
    private const int MostBytes = 2 * ReportJson.MaximumBytes;

    /// <summary>The report inside a page; the stream as it is where it is no page.</summary>
    /// <param name="file">A file; from what cannot be read again, such as a pipe, a report is read but no page.</param>
    public static Stream Open(Stream file)
    {
        if (!file.CanSeek)
        {
            return file;
        }

        var bytes = new byte[(int)Math.Min(file.Length, MostBytes)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var page = bytes.AsSpan(0, length);
        // Text of a page cannot hold this tag, so the last one is the only one.
        var begins = page.StartsWith("<!doctype html>"u8) ? page.LastIndexOf(Encoding.UTF8.GetBytes(HtmlDocument.ReportBegins)) : -1;
        if (begins < 0)
        {
            return file;
        }

        var at = begins + HtmlDocument.ReportBegins.Length;
        var ends = page[at..].IndexOf(Encoding.UTF8.GetBytes(HtmlDocument.ReportEnds));
        return ends < 0 ? file : new MemoryStream(bytes, at, ends, writable: false);
    }
}
