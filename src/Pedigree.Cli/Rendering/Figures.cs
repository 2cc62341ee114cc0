using System.Globalization;

namespace Pedigree.Cli.Rendering;

/// <summary>How numbers are written on a page.</summary>
internal static class Figures
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A count with its thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>A value as exactly as a page needs it: up to four decimals, or three digits and a power of ten where these would not show it.</summary>
    public static string Value(double value) => !double.IsFinite(value) ? "not a number"
        : Math.Abs(value) >= 0.0001 && Math.Abs(value) < 1e12 ? value.ToString("#,##0.####", CultureInfo.InvariantCulture)
        : value == 0 ? "0"
        : PowerOfTen(value);

    /// <summary>A measured value to three decimals, which rounds neither up to 1 nor down to 0; a whole number without decimals.</summary>
    public static string Measure(double value) => !double.IsFinite(value) ? "not a number"
        : value == Math.Round(value) && Math.Abs(value) < 1e15 ? Count((long)value)
        : Math.Abs(value) >= 1000 ? value.ToString("#,##0.#", CultureInfo.InvariantCulture)
        : Math.Abs(value) is >= 0.9995 and < 1 ? (value > 0 ? "> 0.999" : "< -0.999")
        : Math.Abs(value) < 0.0005 ? (value > 0 ? "< 0.001" : "> -0.001")
        : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A value to three digits for a table: as a decimal number from 0.001 to 100,000, otherwise with an exponent of ten after <c>e</c>.</summary>
    public static string Compact(double value)
    {
        if (!double.IsFinite(value))
        {
            return "not a number";
        }

        var size = Math.Abs(value);
        if (size is >= 99_950 or (> 0 and < 0.0009995))
        {
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        var decimals = size == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 5);
        return Math.Round(value, decimals).ToString("#,##0.#####", CultureInfo.InvariantCulture);
    }

    /// <summary>A range of values for a table; one value where both look alike.</summary>
    public static string Range(double least, double most)
    {
        var (first, last) = (Compact(least), Compact(most));
        return string.Equals(first, last, StringComparison.Ordinal) ? first : $"{first} to {last}";
    }

    /// <summary>A measured value, or the sign for none.</summary>
    public static string MeasureOr(double? value, string absent) => value is { } known && double.IsFinite(known) ? Measure(known) : absent;

    /// <summary>A decimal logarithm of a probability to one decimal, never smaller than it is, without a sign for zero.</summary>
    public static string Log10(double value) => ((Math.Ceiling((10 * value) - 1e-6) / 10) + 0.0).ToString("#,##0.0", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage, which never rounds up to 100 nor down to 0.</summary>
    public static string Percent(double share)
    {
        if (!double.IsFinite(share))
        {
            return "not a number";
        }

        var rounded = Math.Round(100 * share, 1);
        return share < 1 && rounded >= 100 ? "99.9+ %"
            : share > 0 && rounded <= 0 ? "under 0.1 %"
            : rounded.ToString("0.#", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A number of bytes in decimal units.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 1000)
        {
            return $"{bytes} bytes";
        }

        var value = bytes / 1000.0;
        var unit = 0;
        while (value >= 999.95 && unit < DecimalUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString("0.0", CultureInfo.InvariantCulture) + " " + DecimalUnits[unit];
    }

    /// <summary>A duration in the largest fitting units.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            return "an unknown time";
        }

        if (seconds < 59.95)
        {
            return seconds.ToString(seconds < 9.995 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s";
        }

        var whole = (long)Math.Round(Math.Min(seconds, 1e15));
        return whole < 3600 ? $"{whole / 60} min {whole % 60} s" : $"{Count(whole / 3600)} h {whole % 3600 / 60} min";
    }

    /// <summary>Whole numbers as runs, such as <c>0-10, 13</c>.</summary>
    public static string Runs(IReadOnlyList<int> ascending, string range)
    {
        var runs = new List<string>();
        for (var first = 0; first < ascending.Count;)
        {
            var last = first;
            while (last + 1 < ascending.Count && ascending[last + 1] == ascending[last] + 1)
            {
                last++;
            }

            runs.Add(first == last ? $"{ascending[first]}" : $"{ascending[first]}{range}{ascending[last]}");
            first = last + 1;
        }

        return string.Join(", ", runs);
    }

    /// <summary>A noun with its count: <c>1 layer</c>, <c>2 layers</c>.</summary>
    public static string Plural(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    private static string PowerOfTen(double value)
    {
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var digits = (value / Math.Pow(10, exponent)).ToString("0.##", CultureInfo.InvariantCulture);
        return $"{digits} x 10^{exponent}";
    }
}
