using System.Security.Cryptography;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>What somebody needs to check the page: digests, options, seed, bytes, the report itself, the command.</summary>
internal static class Exhibits
{
    public static Element Of(ComparisonReport report, ReadOnlySpan<byte> json)
    {
        var section = Element.Of("section").With("id", "exhibits");
        ModelsAndRun.Write(new HtmlPage(section, 2), report);
        return section.Add(
            Element.Of("h3", "Check it yourself"),
            Element.Of("p", "Run this on the same files. Everything but the member ", Element.Of("code", "run"), " must come out the same, byte for byte:"),
            Element.Of("code", CheckCommand.Of(report)).Class("command"),
            Element.Of("p", "The paths are those of the run above; models of controls and the base of an adapter are not part of the report and must be added as they were given. "
                + "The report is held by this page as JSON. Taken out, it has this SHA-256:"),
            Element.Of("code", $"{Product.Command} show THIS-PAGE.html --json | sha256sum").Class("command"),
            Element.Of("code", Convert.ToHexStringLower(SHA256.HashData(json))).Class("command"),
            Element.Of("p", "The digest of the report shows that the page and the report belong together. It does not show that the figures are true: only another run does."));
    }
}
