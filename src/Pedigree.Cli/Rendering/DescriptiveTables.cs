using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>Descriptive observations, each beside what unrelated models give.</summary>
internal static class DescriptiveTables
{
    public static void Write(Page page, IReadOnlyList<EvidenceItem> items, IReadOnlyList<ComponentAgreement> components)
    {
        page.Section("DESCRIPTIVE EVIDENCE", "carries no verdict");
        if (items.Count == 0 && components.Count == 0)
        {
            page.Prose("None.");
            return;
        }

        var absent = page.Glyphs.Absent;
        if (items.Count > 0)
        {
            page.Table(
                [PageColumn.Words("What"), PageColumn.Number("Value"), PageColumn.Words("Unrelated models give"), PageColumn.Number("Percentile")],
                items.Select(item => (IReadOnlyList<string>)
                [
                    item.StatisticName,
                    Figures.ValueOr(item.Statistic, absent),
                    item.Null,
                    item.NullPercentile is { } percentile ? Figures.Percent(percentile) : absent,
                ]));
        }

        if (components.Count > 0)
        {
            if (items.Count > 0)
            {
                page.Blank();
            }

            page.Table(
                [PageColumn.Name("Component"), PageColumn.Number("Values"), PageColumn.Number("Cosine"), PageColumn.Number("Shifted by a seat"), PageColumn.Number("Equal bit for bit")],
                components.Select(component => (IReadOnlyList<string>)
                [
                    component.Component,
                    Figures.Count(component.Compared),
                    Figures.ValueOr(component.Cosine, absent),
                    Figures.ValueOr(component.NullCosine, absent),
                    component.BitEqualShare is { } share ? Figures.Percent(share) : absent,
                ]));
        }
    }
}
