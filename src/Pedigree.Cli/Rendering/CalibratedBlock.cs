using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The tier whose error rates come from controls: one row a test, then what the controls gave.</summary>
internal static class CalibratedBlock
{
    private const int ControlsAtFirst = 6;

    public static void Write(IPage page, ComparisonResult result, bool details)
    {
        EvidenceItem[] items = [.. result.Evidence.Where(item => item.Tier == Tier.Calibrated)];
        Control[] controls = [.. result.Controls.Where(control => !result.Evidence.Any(item => item.Tier == Tier.Exact && EvidenceDetails.BelongsTo(control, item.Test)))];
        page.Section("CALIBRATED EVIDENCE", result.Verdict.Tier is "calibrated" ? "carries the verdict; error rates from controls" : "error rates from controls");
        if (items.Length == 0)
        {
            page.Prose("None was run; no verdict here rests on controls.");
        }
        else
        {
            WriteTests(page, result, items, details);
        }

        Control[] shown = details ? controls : [.. controls.Where(control => items.Length == 0 || !IsTold(control))];
        WriteControls(page, details ? shown : [.. shown.Take(ControlsAtFirst)], shown.Length);
    }

    // The sentence on each test names these.
    private static bool IsTold(Control control) => control.Id.EndsWith("/wrong-layers", StringComparison.Ordinal) || control.Id.EndsWith("/unrelated-pairs", StringComparison.Ordinal);

    private static void WriteTests(IPage page, ComparisonResult result, EvidenceItem[] items, bool details)
    {
        page.Table(
            [PageColumn.Words("Test"), PageColumn.Number("Observed"), PageColumn.Number("Controls give"), PageColumn.Number("log10 p")],
            items.Select(item => (IReadOnlyList<string>)
            [
                TestNames.Of(item.Test),
                Figures.MeasureOr(item.Statistic, page.Glyphs.Absent),
                Figures.MeasureOr(item.NullExpectation, page.Glyphs.Absent),
                item.Log10P is { } log10P ? Figures.Log10(log10P) : page.Glyphs.Absent,
            ]));
        if (details || result.Verdict.Tier is "calibrated")
        {
            page.Strips(items);
        }

        if (details)
        {
            EvidenceDetails.Write(page, items, []);
            return;
        }

        foreach (var item in items)
        {
            page.Prose(item.Statistic is null ? $"{TestNames.Of(item.Test)}: {item.Note}." : $"{TestNames.Of(item.Test)}: {item.StatisticName}; by chance {item.Null}.", Tone.Quiet);
        }
    }

    private static void WriteControls(IPage page, Control[] controls, int count)
    {
        if (controls.Length == 0)
        {
            return;
        }

        page.Table(
            [PageColumn.Words("Control"), PageColumn.Number("Result")],
            controls.Select(control => (IReadOnlyList<string>)[control.Text, Figures.MeasureOr(control.Statistic, page.Glyphs.Absent)]));
        if (count > controls.Length)
        {
            page.Prose($"and {Figures.Plural(count - controls.Length, "control")} more {page.More}.", Tone.Quiet);
        }
    }
}
