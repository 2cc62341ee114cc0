namespace Pedigree.Cli.Rendering;

/// <summary>A column of a table: of numbers, which keep to the right and are never broken, or of words, which may wrap.</summary>
internal readonly record struct PageColumn(string Title, bool IsNumber = false, bool Wraps = false)
{
    public static PageColumn Number(string title) => new(title, IsNumber: true);

    public static PageColumn Words(string title) => new(title, Wraps: true);

    public static PageColumn Name(string title) => new(title);
}

/// <summary>Sets tables without lines: a quiet row of titles, then the rows. Columns of words give way so that numbers stay whole.</summary>
internal static class PageTable
{
    private const int Gap = 2;
    private const int NarrowestWords = 16;

    public static void Table(this Page page, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.Select(row => row.Select(VisibleText.Of).ToArray()).ToArray();
        var widths = Widths(page.Width - Page.Margin, columns, cells);
        WriteRow(page, columns, widths, [.. columns.Select(column => column.Title)], Tone.Quiet);
        foreach (var row in cells)
        {
            WriteRow(page, columns, widths, row, Tone.Plain);
        }
    }

    private static int[] Widths(int available, IReadOnlyList<PageColumn> columns, string[][] rows)
    {
        var widths = columns.Select((column, index) =>
            rows.Select(row => TextWrap.Cells(row[index])).Append(TextWrap.Cells(column.Title)).Max()).ToArray();
        var excess = widths.Sum() + (Gap * (columns.Count - 1)) - available;
        while (excess > 0)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(index => columns[index].Wraps).DefaultIfEmpty(-1).MaxBy(index => index < 0 ? 0 : widths[index]);
            if (widest < 0 || widths[widest] <= NarrowestWords)
            {
                break;
            }

            widths[widest]--;
            excess--;
        }

        return widths;
    }

    private static void WriteRow(Page page, IReadOnlyList<PageColumn> columns, int[] widths, string[] row, Tone tone)
    {
        var lines = row.Select((cell, index) => columns[index].Wraps ? TextWrap.Lines(cell, widths[index]) : [cell]).ToArray();
        for (var line = 0; line < lines.Max(cell => cell.Count); line++)
        {
            var text = string.Join(new string(' ', Gap), columns.Select((column, index) =>
                Align(line < lines[index].Count ? lines[index][line] : "", widths[index], column.IsNumber)));
            page.Line(Page.Margin, new Fragment(text.TrimEnd(), tone));
        }
    }

    private static string Align(string text, int width, bool right)
    {
        var fill = new string(' ', Math.Max(0, width - TextWrap.Cells(text)));
        return right ? fill + text : text + fill;
    }
}
