using Pedigree.Reports;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>The page of an inspection.</summary>
internal static class HtmlInspection
{
    /// <summary>Writes the page.</summary>
    /// <param name="destination">Receives it; stays open.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream destination, InspectionReport report)
    {
        using var json = new MemoryStream();
        Inspection.Write(json, report);
        var main = Element.Of("main").With("id", "content").With("tabindex", "-1");
        InspectionPage.Write(new HtmlPage(main, 2), report);
        HtmlDocument.Write(
            destination, "What a model consists of: Pedigree report",
            Element.Of("body",
                Element.Of("a", "Skip to the content").With("href", "#content").Class("skip"),
                Element.Of("header", Element.Of("p", Element.Of("b", "PEDIGREE"), " report on what a model consists of"), Element.Of("p", $"{Product.Command} {report.ToolVersion}")).Class("masthead"),
                main,
                Element.Of("footer", Element.Of("p", "This page is one file. It loads nothing, sends nothing and runs no script, and it holds the report as JSON.")).Class("foot")),
            json.GetBuffer().AsMemory(0, (int)json.Length));
    }
}
