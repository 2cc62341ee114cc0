using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Pedigree.Cli.Rendering;

/// <summary>Breaks text into lines of a given width in terminal cells, at spaces; only a word that is longer than a line is cut.</summary>
internal static class TextWrap
{
    /// <summary>Terminal cells that a text occupies.</summary>
    public static int Cells(string text) => new Segment(text).CellCount();

    /// <summary>The lines of a text; one empty line for an empty text.</summary>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in Words(text).SelectMany(word => Cut(word, width)))
        {
            var cells = Cells(word);
            if (used > 0 && used + 1 + cells > width)
            {
                lines.Add(line.ToString());
                line.Clear();
                used = 0;
            }

            if (used > 0)
            {
                line.Append(' ');
                used++;
            }

            line.Append(word);
            used += cells;
        }

        lines.Add(line.ToString());
        return lines;
    }

    // A sign of percent stays with its number.
    private static IEnumerable<string> Words(string text)
    {
        string? held = null;
        foreach (var word in text.Split(' '))
        {
            if (held is not null && word.StartsWith('%'))
            {
                held += " " + word;
                continue;
            }

            if (held is not null)
            {
                yield return held;
            }

            held = word;
        }

        yield return held ?? "";
    }

    // Names of tensors and files break after a dot or slash, if one lies in the second half of the line.
    private static int End(string piece)
    {
        var mark = piece.AsSpan().LastIndexOfAny('.', '/');
        return mark >= piece.Length / 2 ? mark + 1 : piece.Length;
    }

    private static IEnumerable<string> Cut(string word, int width)
    {
        if (Cells(word) <= width)
        {
            yield return word;
            yield break;
        }

        var piece = new StringBuilder();
        var used = 0;
        var characters = StringInfo.GetTextElementEnumerator(word);
        while (characters.MoveNext())
        {
            var character = characters.GetTextElement();
            var cells = Cells(character);
            if (used > 0 && used + cells > width)
            {
                var end = End(piece.ToString());
                yield return piece.ToString(0, end);
                piece.Remove(0, end);
                used = Cells(piece.ToString());
            }

            piece.Append(character);
            used += cells;
        }

        yield return piece.ToString();
    }
}
