using System.Globalization;
using System.Text;

namespace Pedigree.Checkpoints;

/// <summary>Puts text that a file supplied into a message: quoted, of bounded length, and without characters that could steer a terminal or reorder the line.</summary>
internal static class Quotation
{
    private const int LongestText = 160;

    /// <summary>The text in single quotes, with control, format and unpaired characters written as code points; a long text keeps its beginning.</summary>
    public static string Of(string text) => Quote(text, LongestText);

    /// <summary>As <see cref="Of"/>, for a path, which is only useful whole.</summary>
    public static string OfPath(string path) => Quote(path, int.MaxValue);

    /// <summary>A number of bytes, such as "1,024 bytes".</summary>
    public static string OfBytes(ulong bytes) => bytes == 1 ? "1 byte" : bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes";

    /// <summary>A number of bytes, such as "1,024 bytes".</summary>
    public static string OfBytes(long bytes) => OfBytes((ulong)bytes);

    private static string Quote(string text, int longest)
    {
        var builder = new StringBuilder("'", Math.Min(text.Length, LongestText) + 8);
        var left = longest;
        foreach (var rune in text.EnumerateRunes())
        {
            if (left-- == 0)
            {
                builder.Append('…');
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                builder.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
            else
            {
                builder.Append(rune.ToString());
            }
        }

        return builder.Append('\'').ToString();
    }
}
