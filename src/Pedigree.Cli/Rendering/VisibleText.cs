using System.Globalization;
using System.Text;

namespace Pedigree.Cli.Rendering;

/// <summary>Makes text from files safe to print. Names and metadata are written by strangers: a control sequence in them could repaint
/// the verdict above, and a mark that turns the writing direction could reverse a sentence.</summary>
internal static class VisibleText
{
    /// <summary>Replaces control and format characters, separators of lines, private and unassigned characters and halves of surrogate pairs
    /// by a visible <c>\u{1B}</c>; everything else stays.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
            {
                Escape(visible, text[at]);
                at++;
                continue;
            }

            if (IsPrintable(rune))
            {
                visible.Append(rune.ToString());
            }
            else
            {
                Escape(visible, rune.Value);
            }

            at += rune.Utf16SequenceLength;
        }

        return visible.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Escape(StringBuilder visible, int value) =>
        visible.Append("\\u{").Append(value.ToString("X2", CultureInfo.InvariantCulture)).Append('}');
}
