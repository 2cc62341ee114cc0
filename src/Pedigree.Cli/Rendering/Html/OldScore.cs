using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>The picture of the accusation of 2025, done right: the four depth curves before the band of unrelated models, and the score among the scores of real pairs.</summary>
internal static class OldScore
{
    private static readonly string[] Drawn = ["query-deviation", "key-deviation", "value-deviation", "output-deviation"];

    /// <summary>The figure; null when the score was not computed.</summary>
    public static Element? Of(string id, ComparisonResult result)
    {
        if (result.Evidence.FirstOrDefault(item => item.NullGroups.Count > 0 && item.Statistic is not null && !item.Test.EndsWith("-depth-curve-score", StringComparison.Ordinal)) is not { } item)
        {
            return null;
        }

        var curves = result.Curves.Where(curve => Drawn.Contains(curve.Name) && curve.Suspect.Count > 1 && curve.Reference.Count > 1).ToArray();
        var hasBand = curves.Any(curve => curve.NullBand.Count > 1);
        return Figure.Of(id, $"The old score: {Figures.Measure(item.Statistic!.Value)}, and what it is worth",
            [
                Element.Of("p", "In July 2025 a score of 0.927 between two models was published as proof of copying. It correlates four curves: how widely the weights of a layer spread, from the first layer to the last. Unrelated models have curves of much the same shape, so it can convict the innocent, and a copy in disguise escapes it. ",
                    Element.Of("b", "Here it decides nothing"), " and is shown beside what real pairs of models reach."),
                KeyLine(hasBand),
            ],
            [.. DepthCurves.Panels($"{id}-curve", curves), .. ScoreHistogram.Panels($"{id}-null", item)],
            $"{(hasBand ? $"Band: {curves.First(curve => curve.NullBand.Count > 1).NullBandSource}. " : "")}Curves are drawn less their mean and divided by their spread, as the score sees them. Histograms: darker where pairs reach this score; drawn from quantiles, so their finest detail is lost.",
            Element.Of("p", $"{Capital(item.Null)}. {item.Note}"), ScoreHistogram.Table(item), curves.Length > 0 ? DepthCurves.Table(curves) : null!);
    }

    private static Element KeyLine(bool hasBand) => Element.Of("ul",
        Element.Of("li", Key("suspect"), "suspect"),
        Element.Of("li", Key("reference"), "reference"),
        hasBand ? Element.Of("li", Swatch("band inner"), "half of unrelated models") : null,
        hasBand ? Element.Of("li", Swatch("band"), "nine in ten of them") : null).Class("keyline");

    private static Element Key(string style) => Sample(
        Figure.Path("M2 8L46 8", $"series {style}"),
        style is "suspect" ? Element.Of("circle").With("cx", 24).With("cy", 8).With("r", 4).Class("mark suspect") : Figure.Box(20, 4, 8, 8, "mark reference"));

    private static Element Swatch(string style) => Sample(Figure.Box(2, 1, 44, 14, style));

    private static Element Sample(params Node[] content) => Element.Of("svg", content).With("viewBox", "0 0 48 16").With("aria-hidden", "true").Class("key");

    private static string Capital(string text) => text.Length == 0 ? text : $"{text[..1].ToUpperInvariant()}{text[1..]}";
}
