using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>Descriptive observations, each beside what unrelated models give. What gives it is told once for all rows that share it.</summary>
internal static class DescriptiveBlock
{
    // One figure speaks for each of these families; the others repeat it in another form.
    private static readonly HashSet<string> ForDetails = new(StringComparer.Ordinal)
    {
        "constant-start-drift", "constant-start-shuffled", "constant-start-layers", "gain-depth-curve-score", "bias-depth-curve-score", "expert-spread-curve-score", "tokenizer-jaccard",
        "tokenizer-containment", "config-differences", "depth-curve-mapped", "mlp-depth-curve-score", "embedding-cka", "spectrum-distance",
        "tokenizer-merge-order", "row-correspondence", "tokenizer-merge-prefix", "tokenizer-added-tokens",
    };

    public static void Write(IPage page, ComparisonResult result, bool details)
    {
        EvidenceItem[] items = [.. result.Evidence.Where(item => item.Tier == Tier.Descriptive)];
        EvidenceItem[] shown = details ? items : [.. ShownFirst(items, result.Components.Count > 0)];
        var more = items.Length - shown.Length;
        page.Section("DESCRIPTIVE EVIDENCE", more > 0 ? $"carries no verdict; {Figures.Plural(more, "more figure")} {page.More}" : "carries no verdict");
        if (items.Length == 0 && result.Components.Count == 0)
        {
            page.Prose("None.");
            return;
        }

        string Null(EvidenceItem item) => details ? item.Null : FirstClause(item.Null);
        var nulls = shown.Select(Null).Distinct(StringComparer.Ordinal).ToArray();
        if (shown.Length > 0)
        {
            WriteTable(page, shown, item => Array.IndexOf(nulls, Null(item)) + 1);
        }

        WriteComponents(page, result.Components);
        WriteNotes(page, items, nulls, details);
    }

    // The first of each test, which pools what the later ones break down; cosines of tensors stand in the table of components.
    private static IEnumerable<EvidenceItem> ShownFirst(EvidenceItem[] items, bool hasComponents) => items
        .Where(item => !ForDetails.Contains(item.Test) && !ExplainsNothing(item) && !(hasComponents && string.Equals(item.Test, ComponentCosines.Test, StringComparison.Ordinal)))
        .DistinctBy(item => item.Test, StringComparer.Ordinal);

    // Where no known list explains an overlap, the overlap stands by itself.
    private static bool ExplainsNothing(EvidenceItem item) => item.Test is "tokenizer-known-list" && item.Statistic is not > 0;

    private static void WriteTable(IPage page, EvidenceItem[] items, Func<EvidenceItem, int> footnote) => page.Table(
        [PageColumn.Words("What"), PageColumn.Number("Value"), PageColumn.Number("Unrelated"), PageColumn.Number("Percentile")],
        items.Select(item => (IReadOnlyList<string>)
        [
            item.StatisticName,
            Value(item, item.Statistic, page.Glyphs.Absent),
            $"{Value(item, item.NullExpectation, page.Glyphs.Absent)} [{footnote(item)}]",
            item.NullPercentile is { } percentile ? Figures.Percent(percentile) : page.Glyphs.Absent,
        ]));

    private static string Value(EvidenceItem item, double? value, string absent) =>
        value is not { } known ? absent
        : item.StatisticName.StartsWith("share ", StringComparison.Ordinal) ? Figures.Percent(known)
        : Figures.Measure(known);

    private static void WriteComponents(IPage page, IReadOnlyList<ComponentAgreement> components)
    {
        if (components.Count == 0)
        {
            return;
        }

        page.Table(
            [PageColumn.Words("Weights seat by seat"), PageColumn.Number("Values"), PageColumn.Number("Cosine"), PageColumn.Number("Shifted a seat"), PageColumn.Number("Equal bit for bit")],
            components.Select(component => (IReadOnlyList<string>)
            [
                component.Component,
                Figures.Count(component.Compared),
                Figures.MeasureOr(component.Cosine, page.Glyphs.Absent),
                Figures.MeasureOr(component.NullCosine, page.Glyphs.Absent),
                component.BitEqualShare is { } share ? Figures.Percent(share) : page.Glyphs.Absent,
            ]));
    }

    private static void WriteNotes(IPage page, EvidenceItem[] items, string[] nulls, bool details)
    {
        if (details)
        {
            for (var index = 0; index < nulls.Length; index++)
            {
                page.Item($"[{index + 1}]", nulls[index]);
            }

            foreach (var same in items.GroupBy(item => string.Join(' ', ((string[])[item.Note, Layers(item)]).Where(text => text.Length > 0)), StringComparer.Ordinal).Where(same => same.Key.Length > 0))
            {
                page.Item(page.Glyphs.Bullet, $"{string.Join(", ", same.Select(item => item.StatisticName))}: {same.Key}", tone: Tone.Quiet);
            }

            return;
        }

        for (var index = 0; index < nulls.Length; index++)
        {
            page.Item($"[{index + 1}]", $"{nulls[index]}.", tone: Tone.Quiet);
        }
    }

    // The whole phrase may take half a page; what stands before its first semicolon outside brackets says the same in short.
    private static string FirstClause(string phrase)
    {
        var depth = 0;
        for (var at = 0; at < phrase.Length; at++)
        {
            depth += phrase[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && phrase[at] == ';')
            {
                return phrase[..at];
            }
        }

        return phrase.TrimEnd('.');
    }

    private static string Layers(EvidenceItem item) => item.PerLayer.Count == 0 ? "" : "By layer: "
        + string.Join(", ", item.PerLayer.Select(layer => Figures.MeasureOr(layer.Value ?? layer.MeanCosine, "-"))) + ".";
}
