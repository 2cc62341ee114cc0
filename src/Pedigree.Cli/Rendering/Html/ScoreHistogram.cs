using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>A score among the scores of real pairs: a histogram of each group, the part that reaches the score filled.</summary>
internal static class ScoreHistogram
{
    private const double Base = 74;
    private const double Height = 52;
    private const double Least = -1;
    private const int Bins = 40;
    private const double Accusation = 0.927;

    /// <summary>The drawings, one a group.</summary>
    public static IEnumerable<Node> Panels(string id, EvidenceItem item) => item.Statistic is not { } score ? [] : item.NullGroups.Select((group, number) =>
        Figure.Panel(Heading(group.Relation), Element.Of("p", $"{Capital(group.Name)}: ", Element.Of("b", Reaching(group)), " reach this score.").Class("small"), Drawing($"{id}-{number}", group, score)));

    /// <summary>The quantiles behind the drawings.</summary>
    public static Element Table(EvidenceItem item)
    {
        double[] shares = [0.05, 0.5, 0.95, 0.99, 1];
        return Figure.Table("The score in groups of real pairs",
            [PageColumn.Words("Group"), PageColumn.Number("Pairs"), PageColumn.Number("5 %"), PageColumn.Number("Median"), PageColumn.Number("95 %"), PageColumn.Number("99 %"), PageColumn.Number("Largest"), PageColumn.Number("Reach this score")],
            item.NullGroups.Select(group => (IReadOnlyList<string>)
            [
                $"{Heading(group.Relation)}: {group.Name}", Figures.Count(group.Pairs),
                .. shares.Select(share => group.Points.FirstOrDefault(point => Math.Abs(point.Share - share) < 1e-9) is { } point ? Figures.Measure(point.Value) : "–"),
                Figures.Percent(1 - group.ShareBelow),
            ]));
    }

    /// <summary>How many of a group reach the score, in words.</summary>
    public static string Reaching(NullGroup group)
    {
        var reach = 1 - group.ShareBelow;
        return reach <= 0 ? $"none of {Figures.Count(group.Pairs)} pairs" : $"{Figures.Percent(reach)} of {Figures.Count(group.Pairs)} pairs";
    }

    private static string Heading(string relation) => relation switch
    {
        "unrelated-same-recipe" => "Unrelated, trained by one recipe",
        "unrelated-other-recipe" => "Unrelated, other recipes",
        "related" => "Declared relatives",
        _ => Capital(relation.Replace('-', ' ')),
    };

    private static string Capital(string text) => text.Length == 0 ? text : $"{text[..1].ToUpperInvariant()}{text[1..]}";

    private static Element Drawing(string id, NullGroup group, double score)
    {
        var step = (1 - Least) / Bins;
        double[] mass = [.. Enumerable.Range(0, Bins).Select(bin => Below(group, Least + ((bin + 1) * step)) - Below(group, Least + (bin * step)))];
        var largest = Math.Max(mass.Max(), 1e-9);
        var bars = new List<Node?>();
        for (var bin = 0; bin < Bins; bin++)
        {
            var (from, to) = (Least + (bin * step), Least + ((bin + 1) * step));
            var height = Height * mass[bin] / largest;
            if (mass[bin] <= 0)
            {
                continue;
            }

            var split = Math.Clamp(score, from, to);
            bars.Add(split > from ? Figure.Box(X(from), Base - height, X(split) - X(from), height, "bar") : null);
            bars.Add(split < to ? Figure.Box(X(split), Base - height, X(to) - X(split), height, "bar reached") : null);
        }

        return Figure.Drawing(id, 106, $"Score of {Figures.Measure(score)} among: {group.Name}", $"{Reaching(group)} reach {Figures.Measure(score)}.",
        [
            .. bars,
            Figure.Rule(X(Least), Base, X(1), Base, "frame"),
            Figure.Rule(X(score), 4, X(score), Base, "score"),
            Figure.Label(X(score) + (score > 0.2 ? -4 : 4), 13, $"this pair {Figures.Measure(score)}", score > 0.2 ? "end" : "start", "strong"),
            Figure.Label(X(Least), Base + 13, "-1"),
            Figure.Label(X(0), Base + 13, "0", "middle"),
            Figure.Label(X(1), Base + 13, "1", "end"),
            Figure.Rule(X(Accusation), Base, X(Accusation), Base + 17, "score thin"),
            Figure.Label(X(Accusation), Base + 28, "0.927, the accusation of 2025", "end", "small"),
        ]);
    }

    // Straight lines between the known quantiles; below the lowest of them nothing is known and nothing drawn.
    private static double Below(NullGroup group, double value)
    {
        for (var at = 0; at < group.Points.Count; at++)
        {
            if (value < group.Points[at].Value)
            {
                return at == 0 ? group.Points[0].Share
                    : group.Points[at - 1].Share + ((group.Points[at].Share - group.Points[at - 1].Share) * (value - group.Points[at - 1].Value) / (group.Points[at].Value - group.Points[at - 1].Value));
            }
        }

        return group.Points.Count > 0 ? group.Points[^1].Share : 0;
    }

    private static double X(double value) => 4 + ((Figure.Width - 8) * (Math.Clamp(value, Least, 1) - Least) / (1 - Least));
}
