using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The verdict on one reference: its word, its sentence, its strength, direction and limit, and what was inherited.</summary>
internal static class VerdictBlock
{
    public static void Write(Page page, ComparisonReport report, ComparisonResult result)
    {
        var verdict = result.Verdict;
        page.Blank();
        page.Line(Page.Margin, new Fragment(ComparisonPage.Word(verdict.Relation), Relations.IsFound(verdict.Relation) ? Tone.Attention : Tone.Strong));
        page.Prose(verdict.Headline);
        page.Blank();
        page.Field("Strength", Sentences.Strength(result, report.References.Count));
        page.Field("Direction", Sentences.Direction(verdict, report.Options.PublishedFirst));
        page.Field("Limit", Sentences.DetectionLimit(verdict.DetectionLimit));
        if (verdict.Reason is { } reason)
        {
            page.Field("Reason", reason.Replace('-', ' '));
        }

        WriteInheritance(page, result);
    }

    private static void WriteInheritance(Page page, ComparisonResult result)
    {
        if (result.InheritedShare is { } share)
        {
            page.Field("Share", $"Inheritance is shown for {Figures.Percent(share)} of the suspect's parameters that were compared.");
        }

        var label = "Kinds";
        foreach (var kind in result.Kinds)
        {
            page.Field(label, Describe(kind));
            label = "";
        }

        if (result.LayerMap.Any(link => link.ReferenceLayers.Count > 0))
        {
            page.Field("Layers", LayerMapText.Describe(result.LayerMap, page.Glyphs.Range));
        }
    }

    private static string Describe(InheritanceKind kind)
    {
        var figures = kind.Parameters.OrderBy(figure => figure.Key, StringComparer.Ordinal).Select(figure => $"{Words(figure.Key)} {Figures.Value(figure.Value)}").ToList();
        if (kind.Interval is { } interval)
        {
            figures.Add($"between {Figures.Value(interval[0])} and {Figures.Value(interval[1])}");
        }

        if (kind.Evidence.Count > 0)
        {
            figures.Add($"shown by {string.Join(", ", kind.Evidence.Select(test => $"`{test}`"))}");
        }

        var details = figures.Count > 0 ? $"; {string.Join(", ", figures)}" : "";
        return $"{kind.Kind}: {kind.Scope}{details}";
    }

    // Names of figures are written in camel case; on a page they are words.
    private static string Words(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
