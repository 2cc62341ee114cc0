using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The verdict on one reference: its word, its sentence, its strength, limit and direction, what was inherited, and what would settle the rest.</summary>
internal static class VerdictBlock
{
    // What is said of every layer is in the report; a page shows the first.
    private const int MostScopes = 3;

    public static void Write(IPage page, ComparisonReport report, ComparisonResult result)
    {
        var verdict = result.Verdict;
        page.Verdict(ComparisonPage.Word(verdict.Relation), verdict.Reason?.Replace('-', ' ') ?? "", Relations.IsFound(verdict.Relation));
        page.Prose(verdict.Headline);
        page.Blank();
        page.Field("Strength", Sentences.Strength(result, report.Results.Count(each => each.Verdict.Log10P is not null)));
        page.Field("Limit", Sentences.DetectionLimit(verdict.DetectionLimit));
        page.Field("Direction", Sentences.Direction(verdict, report.Options.PublishedFirst));
        if (Relations.IsFound(verdict.Relation))
        {
            WriteInheritance(page, result);
        }

        var label = "To settle";
        foreach (var way in verdict.Settles)
        {
            page.Field(label, $"{page.Glyphs.Bullet} {way}");
            label = "";
        }
    }

    private static void WriteInheritance(IPage page, ComparisonResult result)
    {
        var label = result.Verdict.Relation is Relations.SharedInitialisation ? "Agreement" : "Inherited";
        var extent = Extent(page, result);
        if (extent.Length > 0)
        {
            page.Field(label, extent);
            label = "";
        }

        foreach (var kind in result.Kinds.GroupBy(kind => kind.Kind, StringComparer.Ordinal))
        {
            var scopes = kind.GroupBy(part => part.Scope, StringComparer.Ordinal).Select(Describe).ToArray();
            var more = scopes.Length > MostScopes ? $"; and {Figures.Count(scopes.Length - MostScopes)} more" : "";
            page.Field(label, $"{kind.Key.Replace('-', ' ')}: {string.Join("; ", scopes.Take(MostScopes))}{more}.");
            label = "";
        }
    }

    private static string Extent(IPage page, ComparisonResult result)
    {
        var parts = new List<string>();
        if (result.InheritedShare is { } share)
        {
            parts.Add($"shown for {Figures.Percent(share)} of the suspect's parameters");
        }

        if (result.LayerMap.Any(link => link.ReferenceLayers.Count > 0))
        {
            parts.Add(LayerMapText.Describe(result.LayerMap, page.Glyphs.Range));
        }

        return parts.Count == 0 ? "" : string.Join("; ", parts) + ".";
    }

    // Several tests may show the same of the same units: told once, with the span of their figures.
    private static string Describe(IGrouping<string, InheritanceKind> kinds)
    {
        var figures = kinds.SelectMany(kind => kind.Parameters).GroupBy(figure => figure.Key, figure => figure.Value, StringComparer.Ordinal)
            .OrderBy(figure => figure.Key, StringComparer.Ordinal)
            .Select(figure => $"{Words(figure.Key)} {Span(Figure(figure.Key, figure.Min()), Figure(figure.Key, figure.Max()))}").ToList();
        figures.AddRange(kinds.Select(kind => kind.Interval).OfType<IReadOnlyList<double>>()
            .Select(interval => $"between {Figures.Value(interval[0])} and {Figures.Value(interval[1])}"));
        return figures.Count > 0 ? $"{kinds.Key} ({string.Join(", ", figures)})" : kinds.Key;
    }

    private static string Span(string least, string most) => string.Equals(least, most, StringComparison.Ordinal) ? least : $"{least} to {most}";

    private static string Figure(string name, double value) =>
        name.EndsWith("Share", StringComparison.OrdinalIgnoreCase) ? Figures.Percent(value) : Figures.Measure(value);

    // Names of figures are written in camel case; on a page they are words.
    private static string Words(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
