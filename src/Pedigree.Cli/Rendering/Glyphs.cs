namespace Pedigree.Cli.Rendering;

/// <summary>The characters that a page draws with: Unicode where the output can carry it, ASCII elsewhere.</summary>
internal sealed class Glyphs
{
    public static readonly Glyphs Unicode = new()
    {
        Shades = "·░▒▓█",
        Rule = '─',
        HeavyRule = '━',
        Held = "✓",
        Failed = "✗",
        Open = "?",
        Times = "×",
        Range = "–",
        Absent = "–",
        Bullet = "•",
        Divider = " · ",
    };

    public static readonly Glyphs Ascii = new()
    {
        Shades = ".-+*#",
        Rule = '-',
        HeavyRule = '=',
        Held = "+",
        Failed = "x",
        Open = "?",
        Times = "x",
        Range = "-",
        Absent = "-",
        Bullet = "*",
        Divider = ", ",
    };

    /// <summary>Five cells from empty to full.</summary>
    public required string Shades { get; init; }

    public required char Rule { get; init; }

    public required char HeavyRule { get; init; }

    public required string Held { get; init; }

    public required string Failed { get; init; }

    public required string Open { get; init; }

    public required string Times { get; init; }

    public required string Range { get; init; }

    public required string Absent { get; init; }

    public required string Bullet { get; init; }

    public required string Divider { get; init; }
}
