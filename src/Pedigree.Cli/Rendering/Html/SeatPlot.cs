using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Units of the suspect against units of the reference: a diagonal when the same units sit in the same seats, a cloud when not; as stored, and with order undone.</summary>
internal static class SeatPlot
{
    private const string Stored = "mlp-neuron-order";
    private const string Undone = "two-view-agreement";
    private const double Left = 40;
    private const double Right = 294;
    private const double Top = 8;
    private const double Bottom = 262;

    /// <summary>The figure; null when no seats were recorded.</summary>
    public static Element? Of(string id, ComparisonReport report, int index)
    {
        var result = report.Results[index];
        var stored = result.Evidence.FirstOrDefault(item => item.Test is Stored);
        var undone = result.Evidence.FirstOrDefault(item => item.Test is Undone);
        SeatPair[] before = [.. result.Seats.Where(seat => seat.Test is Stored)];
        SeatPair[] after = [.. result.Seats.Where(seat => seat.Test is Undone)];
        if (before.Length == 0 && after.Length == 0)
        {
            return null;
        }

        var panels = new List<Node>
        {
            before.Length > 0
                ? Figure.Panel("As the files store them", Drawing($"{id}-stored", before, Ceiling(stored), "Seat in the reference", "Seat in the suspect", StoredWords(before, stored)), Element.Of("p", StoredWords(before, stored)))
                : Figure.Panel("As the files store them", Element.Of("p", $"Not drawn: {Reason(stored)}.").Class("quiet")),
        };
        panels.Add(after.Length > 0
            ? Figure.Panel("With any change of order undone", Drawing($"{id}-undone", after, null, "Partner by one view", "Partner by the other views", UndoneWords(after, undone)), Element.Of("p", UndoneWords(after, undone)))
            : Figure.Panel("With any change of order undone", Element.Of("p", $"Not drawn: {Reason(undone)}.").Class("quiet")));
        return Figure.Of(id, "Do the same neurons sit in the same seats?",
            [
                Element.Of("p", "A neuron’s place in its layer is an accident of birth: neurons can change seats without changing anything that the model says. Two models raised apart agree on about ",
                    Element.Of("b", "one seat a layer"), ", by luck. A copy keeps nearly all. Each dot is a neuron and the neuron of the other model that is most like it: a straight diagonal means the same seats, a cloud means no relation of order."),
                after.Length > 0
                    ? Element.Of("p", "Whoever shuffles the neurons turns the first picture into a cloud. The second picture does not look at seats at all: it finds each neuron’s partner twice, by two separate halves of its weights. If both halves name the same partner the dot lies on the diagonal; in unrelated models they do not.")
                    : null!,
            ],
            panels,
            $"{Figures.Plural(before.Length + after.Length, "neuron")} drawn of all that were compared, spread evenly. In the first picture, filled dots agree in content more closely than reordering alone arranges; hollow ones do not. In the second, filled dots are those on which both halves agree.",
            Table(stored, undone));
    }

    private static string Reason(EvidenceItem? item) => item is { Note.Length: > 0 } ? item.Note.TrimEnd('.').Replace("not run: ", "", StringComparison.Ordinal).Replace("not needed: ", "", StringComparison.Ordinal) : "no seats were recorded";

    private static double? Ceiling(EvidenceItem? item) => item?.Companion is { } check ? check.Ceiling + check.Margin : null;

    private static string StoredWords(SeatPair[] seats, EvidenceItem? item)
    {
        var same = seats.Count(seat => seat.Suspect == seat.Reference);
        return item is { Statistic: { } hits, NullExpectation: { } expected }
            ? $"{Figures.Value(hits)} of {Figures.Count(item.PerLayer.Sum(layer => (long)layer.Units))} in the same seat; chance gives {Figures.Value(expected)}."
            : $"{Figures.Count(same)} of the {Figures.Count(seats.Length)} drawn in the same seat.";
    }

    private static string UndoneWords(SeatPair[] seats, EvidenceItem? item)
    {
        var same = (double)seats.Count(seat => seat.Suspect == seat.Reference) / seats.Length;
        return $"{Figures.Percent(same)} of the dots on the diagonal{(item?.NullExpectation is { } most ? $"; unrelated models reach at most {Figures.Percent(most)}" : "")}.";
    }

    private static Element Drawing(string id, SeatPair[] seats, double? ceiling, string across, string up, string words)
    {
        var last = Math.Max(1, seats.Max(seat => Math.Max(seat.Suspect, seat.Reference)));
        double X(SeatPair seat) => Left + 4 + ((Right - Left - 8) * Math.Max(0, seat.Reference) / last);
        double Y(SeatPair seat) => Bottom - 4 - ((Bottom - Top - 8) * Math.Max(0, seat.Suspect) / last);
        var (near, far) = (seats.Where(IsNear).ToArray(), seats.Where(seat => !IsNear(seat)).ToArray());
        bool IsNear(SeatPair seat) => ceiling is { } least ? seat.Cosine > least : seat.Suspect == seat.Reference;
        return Figure.Drawing(id, 296, $"{up} against {across[..1].ToLowerInvariant()}{across[1..]}", $"{words} {(Diagonal(seats) ? "The dots form a straight diagonal." : "The dots form a cloud.")}",
            Figure.Box(Left, Top, Right - Left, Bottom - Top, "frame"),
            Figure.Path(Coordinates.Dots(far.Select(seat => (X(seat), Y(seat)))), "dots far"),
            far.Length > 0 ? Figure.Path(Coordinates.Dots(far.Select(seat => (X(seat), Y(seat)))), "dots core") : null,
            Figure.Path(Coordinates.Dots(near.Select(seat => (X(seat), Y(seat)))), "dots near"),
            Figure.Label(Left, Bottom + 14, "0", "middle"),
            Figure.Label(Right, Bottom + 14, Figures.Count(last), "end"),
            Figure.Label(Left - 5, Bottom, "0", "end"),
            Figure.Label(Left - 5, Top + 10, Figures.Count(last), "end"),
            Figure.Label((Left + Right) / 2, Bottom + 28, across + " →", "middle", "axis"),
            Figure.Label(0, 0, up + " →", "middle", "axis").With("transform", $"translate(12 {Coordinates.Text((Top + Bottom) / 2)}) rotate(-90)"));
    }

    private static bool Diagonal(SeatPair[] seats) => seats.Count(seat => seat.Suspect == seat.Reference) * 2 > seats.Length;

    private static Element Table(EvidenceItem? stored, EvidenceItem? undone)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var layer in stored?.PerLayer ?? [])
        {
            rows.Add([$"layer {layer.ReferenceLayer}, as stored", Figures.Count(layer.Units), Figures.Count(layer.Hits), Figures.MeasureOr(layer.MeanCosine, "–")]);
        }

        foreach (var layer in undone?.PerLayer ?? [])
        {
            rows.Add([$"layer {layer.SuspectLayer} against {layer.ReferenceLayer}, order undone", Figures.Count(layer.Units), Figures.Count(layer.Hits), Figures.MeasureOr(layer.MeanCosine, "–")]);
        }

        return Figure.Table("Neurons compared and neurons on the diagonal, layer by layer",
            [PageColumn.Words("Layers"), PageColumn.Number("Compared"), PageColumn.Number("On the diagonal"), PageColumn.Number("Mean cosine of those")], rows);
    }
}
