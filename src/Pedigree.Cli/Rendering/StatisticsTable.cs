using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The tables of <c>pedigree inspect --stats</c>: the values, then rows that are empty or repeated where there are any.</summary>
internal static class StatisticsTable
{
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    /// <param name="isEach">Whether each tensor has a row of its own, not those of equal layers and experts together.</param>
    public static void Write(IPage page, InspectionReport report, bool isEach)
    {
        var rows = isEach ? report.Tensors.Select(Row.Of).ToArray() : [.. report.Folded.Select(Row.Of)];
        page.Section("STATISTICS", "every value read once" + (isEach ? "" : "; a range where layers or experts differ"));
        // Means of matrices lie around zero and say little; ranges of them would take the room of the names.
        (PageColumn Column, Func<Row, string> Cell)[] columns =
        [
            (PageColumn.Words("Tensor"), row => row.Name),
            (PageColumn.Number("Mean"), row => Range(page, row.Figures?.Mean)),
            (PageColumn.Number("Deviation"), row => Range(page, row.Figures?.Deviation)),
            (PageColumn.Number("Excess kurtosis"), row => Range(page, row.Figures?.ExcessKurtosis)),
            (PageColumn.Number("Smallest"), row => Number(page, row.Figures?.Minimum)),
            (PageColumn.Number("Largest"), row => Number(page, row.Figures?.Maximum)),
            (PageColumn.Number("Zeros"), row => row.Figures is { } figures ? Figures.Percent(figures.ZeroShare) : page.Glyphs.Absent),
        ];
        var shown = isEach ? columns : [columns[0], .. columns[2..]];
        page.Table([.. shown.Select(column => column.Column)], rows.Select(row => (IReadOnlyList<string>)[.. shown.Select(column => column.Cell(row))]));
        WriteRows(page, rows);
        WriteNotes(page, report, rows);
    }

    private static void WriteRows(IPage page, Row[] rows)
    {
        var odd = rows.Where(row => row.Figures is { } figures
            && (figures.ZeroRows > 0 || figures.DuplicateRows > 0 || figures.ZeroColumns > 0 || figures.NotFiniteShare > 0)).ToArray();
        if (odd.Length == 0)
        {
            page.Prose("No row or column holds nothing but zeros, no row is repeated, and every value is finite.");
            return;
        }

        page.Section("EMPTY AND REPEATED", "padding, units that do nothing, untrained tokens, copies");
        string Count(long? count) => count is { } known ? Figures.Count(known) : page.Glyphs.Absent;
        page.Table(
            [
                PageColumn.Words("Tensor"), PageColumn.Number("Rows"), PageColumn.Number("Empty rows"), PageColumn.Number("Repeated rows"),
                PageColumn.Number("Empty columns"), PageColumn.Number("Not finite"),
            ],
            odd.Select(row => (IReadOnlyList<string>)
            [
                row.Name, Count(row.Figures!.Rows), Count(row.Figures.ZeroRows), Count(row.Figures.DuplicateRows), Count(row.Figures.ZeroColumns),
                Figures.Percent(row.Figures.NotFiniteShare),
            ]));
    }

    private static void WriteNotes(IPage page, InspectionReport report, Row[] rows)
    {
        var packed = report.Folded.Where(tensor => tensor.IsPacked && tensor.Statistics is not null).Select(tensor => tensor.Type).Distinct(StringComparer.Ordinal).ToArray();
        if (packed.Length > 0)
        {
            page.Prose($"Values stored as {string.Join(", ", packed)} were decoded first.", tone: Tone.Quiet);
        }

        if (rows.Any(row => row.Figures is null))
        {
            page.Prose("Tensors without figures are empty, or hold whole numbers: indices, codes or masks.", tone: Tone.Quiet);
        }
    }

    private static string Number(IPage page, double? value) => value is { } known ? Figures.Compact(known) : page.Glyphs.Absent;

    private static string Range(IPage page, FigureRange? range) => range is null ? page.Glyphs.Absent : Figures.Range(range.Least, range.Most);

    private sealed record Row(string Name, FoldedStatistics? Figures)
    {
        public static Row Of(FoldedTensor tensor) => new(tensor.Name, tensor.Statistics);

        public static Row Of(InspectedValues tensor) => new(tensor.Name, tensor.Statistics is { } one
            ? new FoldedStatistics(
                Single(one.Mean), Single(one.Deviation), Single(one.ExcessKurtosis), one.Minimum, one.Maximum,
                one.ZeroShare, one.NotNumberShare + one.InfiniteShare, one.Rows, one.ZeroRows, one.DuplicateRows, one.ZeroColumns)
            : null);

        private static FigureRange? Single(double? value) => value is { } known ? new FigureRange(known, known) : null;
    }
}
