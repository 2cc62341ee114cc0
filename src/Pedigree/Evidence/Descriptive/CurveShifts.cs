using System.Globalization;

namespace Pedigree.Evidence.Descriptive;

/// <summary>What the same curves give when their layers are brought out of step: all circular shifts of one side where the depths are equal, all places
/// of the shorter along the longer where they are not. A null from the pair itself, and a weak one: curves are smooth, so neighbouring shifts repeat each
/// other, and a trend that all models share is broken by shifting and seems special when it is not.</summary>
internal static class CurveShifts
{
    /// <summary>The mean correlation of the pairs at every circular shift of the suspect but 0; empty where depths differ.</summary>
    public static IReadOnlyList<double> Circular(IReadOnlyList<CurvePair> pairs)
    {
        var depth = pairs[0].Reference.Values.Count;
        return pairs.Any(pair => pair.Reference.Values.Count != depth || pair.Suspect.Values.Count != depth)
            ? []
            : [.. Enumerable.Range(1, depth - 1).Select(shift => Mean(pairs, pair => DepthCurve.Correlate(
                pair.Reference.Values, [.. pair.Suspect.Values.Skip(shift), .. pair.Suspect.Values.Take(shift)]))).OfType<double>()];
    }

    /// <summary>The mean correlation of the pairs with the shorter curves laid unstretched along the longer ones, from each place on; empty where depths
    /// are equal or not the same in all pairs.</summary>
    public static IReadOnlyList<double?> Offsets(IReadOnlyList<CurvePair> pairs)
    {
        var (reference, suspect) = (pairs[0].Reference.Values.Count, pairs[0].Suspect.Values.Count);
        var shorter = Math.Min(reference, suspect);
        return reference == suspect || pairs.Any(pair => pair.Reference.Values.Count != reference || pair.Suspect.Values.Count != suspect)
            ? []
            : [.. Enumerable.Range(0, Math.Abs(reference - suspect) + 1).Select(offset => Mean(pairs, pair => DepthCurve.Correlate(
                Window(pair.Reference.Values, shorter, offset), Window(pair.Suspect.Values, shorter, offset))))];
    }

    /// <summary>Both in words.</summary>
    public static string Note(IReadOnlyList<CurvePair> pairs)
    {
        if (Circular(pairs) is { Count: > 0 } shifts)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $" With the layers of one side shifted round, {shifts.Count} ways: {shifts.Average():0.000} on average, {shifts.Max():0.000} at most.");
        }

        var depths = pairs.Select(pair => (pair.Reference.Values.Count, pair.Suspect.Values.Count)).Distinct().ToArray();
        var stretched = string.Create(CultureInfo.InvariantCulture, $" Curves of {depths[0].Item1} and {depths[0].Item2} layers: the shorter was stretched.");
        if (Offsets(pairs) is not { Count: > 0 } offsets || offsets.All(offset => offset is null))
        {
            return stretched;
        }

        var best = Enumerable.Range(0, offsets.Count).MaxBy(offset => offsets[offset] ?? double.NegativeInfinity);
        return stretched + string.Create(CultureInfo.InvariantCulture,
            $" Laid along it unstretched: {offsets[best]:0.000} at the best of {offsets.Count} places (layer {best}), {offsets.OfType<double>().Average():0.000} on average; a search for the best raises what chance gives.");
    }

    private static double? Mean(IReadOnlyList<CurvePair> pairs, Func<CurvePair, double?> correlation)
    {
        var each = pairs.Select(correlation).OfType<double>().ToArray();
        return each.Length == 0 ? null : each.Average();
    }

    private static double[] Window(IReadOnlyList<double> values, int length, int offset) =>
        values.Count == length ? [.. values] : [.. values.Skip(offset).Take(length)];
}
