using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The few ways in which text may stand out. Every page can be read without them.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Quiet,
    Attention,
    Fault,
}

internal static class ToneStyles
{
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Attention = new(Color.Olive, decoration: Decoration.Bold);
    private static readonly Style Fault = new(Color.Maroon, decoration: Decoration.Bold);

    public static Style Style(this Tone tone) => tone switch
    {
        Tone.Strong => Strong,
        Tone.Quiet => Quiet,
        Tone.Attention => Attention,
        Tone.Fault => Fault,
        _ => Spectre.Console.Style.Plain,
    };
}
