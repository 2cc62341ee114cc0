using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>The curves of the famous accusation, with those of unrelated models behind them.</summary>
internal static class DepthCurves
{
    private const double Left = 6;
    private const double Right = 294;
    private const double Top = 6;
    private const double Bottom = 128;
    private const int MostMarks = 32;

    /// <summary>The drawings, one a curve.</summary>
    public static IEnumerable<Node> Panels(string id, IReadOnlyList<Curve> curves) => curves.Select((curve, number) => Figure.Panel(Name(curve.Name), Drawing($"{id}-{number}", curve)));

    /// <summary>The values that are drawn.</summary>
    public static Element Table(IReadOnlyList<Curve> curves) => Figure.Table("Standard deviations of the weights, layer by layer",
        [PageColumn.Words("Matrix and layer"), PageColumn.Number("Suspect"), PageColumn.Number("Reference")],
        curves.SelectMany(curve => Enumerable.Range(0, Math.Max(curve.Suspect.Count, curve.Reference.Count)).Select(layer => (IReadOnlyList<string>)
            [$"{Name(curve.Name)}, layer {layer}", Value(curve.Suspect, layer), Value(curve.Reference, layer)])));

    /// <summary>What a curve is of.</summary>
    public static string Name(string curve) => curve switch
    {
        "query-deviation" => "Query",
        "key-deviation" => "Key",
        "value-deviation" => "Value",
        "output-deviation" => "Output",
        _ => curve.Replace('-', ' '),
    };

    private static string Value(IReadOnlyList<double> values, int at) => at < values.Count && double.IsFinite(values[at]) ? Figures.Value(values[at]) : "–";

    private static Element Drawing(string id, Curve curve)
    {
        var band = curve.NullBand;
        var (suspect, reference) = (Shape(curve.Suspect), Shape(curve.Reference));
        var reach = Math.Clamp(suspect.Concat(reference).Where(double.IsFinite).Concat(band.SelectMany(point => new[] { point.LowerQuartile, point.UpperQuartile })).Select(Math.Abs).Append(0).Max() * 1.12, 2, 3.6);
        double Y(double value) => ((Top + Bottom) / 2) - (Math.Clamp(value, -reach, reach) / reach * (Bottom - Top) / 2);
        return Figure.Drawing(id, 146, $"{Name(curve.Name)}: shape of the curve over depth",
            $"Suspect and reference over {Figures.Plural(curve.Suspect.Count, "layer")} and {Figures.Plural(curve.Reference.Count, "layer")}"
            + (band.Count > 0 ? ", before the band in which curves of unrelated models run." : "."),
            band.Count > 1 ? Figure.Path(Area([.. band.Select(point => (Y(point.Low), Y(point.High)))]), "band") : null,
            band.Count > 1 ? Figure.Path(Area([.. band.Select(point => (Y(point.LowerQuartile), Y(point.UpperQuartile)))]), "band inner") : null,
            Figure.Rule(Left, Y(0), Right, Y(0), "zero"),
            Series([.. reference.Select(Y)], "reference"),
            Series([.. suspect.Select(Y)], "suspect"),
            Figure.Label(Left, Bottom + 14, "first layer"),
            Figure.Label(Right, Bottom + 14, "last layer", "end"));
    }

    // Each curve in its own units, as the score sees it: less its mean, divided by its spread.
    private static double[] Shape(IReadOnlyList<double> values)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        var mean = known.Length > 0 ? known.Average() : double.NaN;
        var spread = Math.Sqrt(known.Length > 0 ? known.Average(value => (value - mean) * (value - mean)) : double.NaN);
        return [.. values.Select(value => spread > 0 ? (value - mean) / spread : double.NaN)];
    }

    private static Element Series(double[] heights, string style)
    {
        (double X, double Y)[] points = [.. heights.Select((height, layer) => (X(layer, heights.Length), height))];
        var marks = heights.Length > MostMarks ? [] : points.Where(point => double.IsFinite(point.Y)).Select(point => (Node)(style is "suspect"
            ? Element.Of("circle").With("cx", point.X).With("cy", point.Y).With("r", 3.2).Class("mark suspect")
            : Figure.Box(point.X - 3.4, point.Y - 3.4, 6.8, 6.8, "mark reference")));
        return Element.Of("g", marks.Prepend(Figure.Path(Coordinates.Line(points), $"series {style}")));
    }

    private static string Area(IReadOnlyList<(double Low, double High)> band) => Coordinates.Line(
        band.Select((point, at) => (X(at, band.Count), point.High)).Concat(band.Select((point, at) => (X(at, band.Count), point.Low)).Reverse())) + "Z";

    private static double X(int at, int count) => count < 2 ? (Left + Right) / 2 : Left + 6 + ((Right - Left - 12) * at / (count - 1));
}
