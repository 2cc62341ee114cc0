using System.Globalization;
using System.Text;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>Writes the coordinates of drawings.</summary>
internal static class Coordinates
{
    /// <summary>A coordinate to two decimals.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static string Text(double value) =>
        double.IsFinite(value) ? (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture) : throw new ArgumentOutOfRangeException(nameof(value), "A coordinate is not finite.");

    /// <summary>Path data of a line through points; points that are not finite break it.</summary>
    public static string Line(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        var draws = false;
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                draws = false;
                continue;
            }

            path.Append(draws ? 'L' : 'M').Append(Text(x)).Append(' ').Append(Text(y));
            draws = true;
        }

        return path.ToString();
    }

    /// <summary>Path data of a dot at each point, drawn by a round line end.</summary>
    public static string Dots(IEnumerable<(double X, double Y)> points) => string.Concat(points.Select(point => $"M{Text(point.X)} {Text(point.Y)}h0"));
}
