namespace Pedigree.Cli.Rendering;

/// <summary>A column of a table: of numbers, which keep to the right and are never broken, or of words, which may wrap.</summary>
internal readonly record struct PageColumn(string Title, bool IsNumber = false, bool Wraps = false)
{
    public static PageColumn Number(string title) => new(title, IsNumber: true);

    public static PageColumn Words(string title) => new(title, Wraps: true);

    public static PageColumn Name(string title) => new(title);
}

/// <summary>Sets tables without lines: a quiet row of titles, then the rows. Columns of words give way so that numbers stay whole; where even
/// that does not fit the page, each row is set as a list of labelled values.</summary>
internal static class PageTable
{
    private const int Gap = 2;
    private const int NarrowestWords = 16;

    public static void Write(Page page, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.Select(row => row.Select(VisibleText.Of).ToArray()).ToArray();
        var available = page.ProseWidth - Page.Margin;
        var widths = Widths(available, columns, cells);
        if (widths.Sum() + (Gap * (columns.Count - 1)) > available)
        {
            WriteLists(page, columns, cells);
            return;
        }

        WriteRow(page, columns, widths, [.. columns.Select(column => column.Title)], Tone.Quiet);
        foreach (var row in cells)
        {
            WriteRow(page, columns, widths, row, Tone.Plain);
        }
    }

    private static int[] Widths(int available, IReadOnlyList<PageColumn> columns, string[][] rows)
    {
        // Titles break at spaces, so a column is as wide as its cells or the longest word of its title.
        var widths = columns.Select((column, index) =>
            rows.Select(row => TextWrap.Cells(row[index])).Append(TextWrap.Cells(column.Title)).Max()).ToArray();
        var excess = widths.Sum() + (Gap * (columns.Count - 1)) - available;
        for (var index = 0; index < widths.Length && excess > 0; index++)
        {
            var least = rows.Select(row => TextWrap.Cells(row[index])).Concat(columns[index].Title.Split(' ').Select(TextWrap.Cells)).Max();
            var given = Math.Clamp(widths[index] - least, 0, excess);
            widths[index] -= given;
            excess -= given;
        }

        for (; excess > 0; excess--)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(index => columns[index].Wraps).DefaultIfEmpty(-1).MaxBy(index => index < 0 ? 0 : widths[index]);
            if (widest < 0 || widths[widest] <= NarrowestWords)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    private static void WriteRow(Page page, IReadOnlyList<PageColumn> columns, int[] widths, string[] row, Tone tone)
    {
        var isTitle = tone == Tone.Quiet;
        var lines = row.Select((cell, index) => columns[index].Wraps || isTitle ? TextWrap.Lines(cell, widths[index]) : [cell]).ToArray();
        var height = lines.Max(cell => cell.Count);
        for (var line = 0; line < height; line++)
        {
            // Titles stand on the rows below them, cells hang from the rows above.
            var text = string.Join(new string(' ', Gap), columns.Select((column, index) =>
            {
                var at = isTitle ? line - (height - lines[index].Count) : line;
                return Align(at >= 0 && at < lines[index].Count ? lines[index][at] : "", widths[index], column.IsNumber);
            }));
            page.Line(Page.Margin, new Fragment(text.TrimEnd(), tone));
        }
    }

    private static void WriteLists(Page page, IReadOnlyList<PageColumn> columns, string[][] rows)
    {
        foreach (var row in rows)
        {
            page.Prose(row[0], Tone.Strong);
            for (var index = 1; index < row.Length; index++)
            {
                page.Indented($"{columns[index].Title}: {row[index]}", 2 * Page.Margin);
            }
        }
    }

    private static string Align(string text, int width, bool right)
    {
        var fill = new string(' ', Math.Max(0, width - TextWrap.Cells(text)));
        return right ? fill + text : text + fill;
    }
}
