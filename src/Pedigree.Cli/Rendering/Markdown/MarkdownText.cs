using System.Text;

namespace Pedigree.Cli.Rendering.Markdown;

/// <summary>Makes text safe to stand in Markdown: nothing in it becomes a link, a mention, an image, a heading, markup or the end of a table cell.</summary>
internal static class MarkdownText
{
    /// <summary>Text as Markdown; what stands between backticks is set as code.</summary>
    public static string Of(string text)
    {
        var parts = text.Split('`');
        return parts.Length < 3 || parts.Length % 2 == 0 ? Escaped(text) : string.Concat(parts.Select((part, at) => at % 2 == 1 ? Code(part) : Escaped(part)));
    }

    /// <summary>Text in the typeface of code.</summary>
    public static string Code(string text)
    {
        var visible = VisibleText.Of(text);
        if (visible.Length == 0)
        {
            return "";
        }

        var longest = visible.Split(visible.Where(letter => letter != '`').Distinct().ToArray()).Max(run => run.Length);
        var fence = new string('`', longest + 1);
        var space = longest > 0 || visible is [' ', ..] or [.., ' '] ? " " : "";
        return $"{fence}{space}{visible.Replace("|", "\\|", StringComparison.Ordinal)}{space}{fence}";
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        var visible = VisibleText.Of(text);
        for (var at = 0; at < visible.Length; at++)
        {
            var letter = visible[at];
            _ = letter switch
            {
                '\\' or '`' or '*' or '_' or '[' or ']' or '#' or '|' or '~' or '!' or '$' => escaped.Append('\\').Append(letter),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '@' => escaped.Append("&#64;"),
                ':' when visible.AsSpan(at + 1).StartsWith("//", StringComparison.Ordinal) => escaped.Append("&#58;"),
                '.' when visible.AsSpan(0, at).EndsWith("www", StringComparison.OrdinalIgnoreCase) => escaped.Append("&#46;"),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
