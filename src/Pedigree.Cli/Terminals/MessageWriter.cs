using Pedigree.Cli.Rendering;
using Spectre.Console;

namespace Pedigree.Cli.Terminals;

/// <summary>Writes messages on the standard error, one a line, in the manner that docs/style.md asks for.</summary>
internal static class MessageWriter
{
    public static void WriteError(this IAnsiConsole console, string sentence, string? hint = null)
    {
        Write(console, "error", Tone.Fault, sentence);
        if (!string.IsNullOrEmpty(hint))
        {
            console.WriteHint(hint);
        }
    }

    public static void WriteHint(this IAnsiConsole console, string sentence) => Write(console, "hint", Tone.Strong, sentence);

    public static void WriteNote(this IAnsiConsole console, string sentence) => console.Write(new Text(VisibleText.Of(sentence) + "\n"));

    private static void Write(IAnsiConsole console, string word, Tone tone, string sentence) =>
        console.Write(new Paragraph().Append(word + ":", tone.Style()).Append(" " + VisibleText.Of(sentence) + "\n"));
}
