namespace Pedigree.Cli.Rendering.Html;

/// <summary>The inherited share as a bar.</summary>
internal static class ShareBar
{
    public static Element Of(string id, double? share)
    {
        if (share is not { } known || !double.IsFinite(known))
        {
            return Element.Of("p", "The share could not be computed.").Class("quiet");
        }

        var filled = Math.Clamp(known, 0, 1);
        return Figure.Drawing(id, 62, "Inherited share of the suspect’s parameters", $"{Figures.Percent(known)} of the suspect’s parameters are shown to be inherited.",
            Figure.Label(0, 13, $"{Figures.Percent(known)} of the suspect’s parameters", style: "strong"),
            Figure.Box(0.5, 20, Figure.Width - 1, 24, "cell"),
            Figure.Box(0.5, 20, (Figure.Width - 1) * filled, 24, "fill"),
            Figure.Label(0, 58, "none"),
            Figure.Label(Figure.Width / 2, 58, "half", "middle"),
            Figure.Label(Figure.Width, 58, "all", "end"));
    }
}
