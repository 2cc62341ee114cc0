using System.Buffers;
using System.Globalization;

namespace Pedigree.Cli.Parsing;

/// <summary>Reads sizes such as <c>500M</c>, <c>64MiB</c> and <c>1.5 GiB</c>: K, M, G and T count in thousands, Ki, Mi, Gi and Ti in 1,024s.</summary>
internal static class ByteSize
{
    private const string Prefixes = "KMGT";
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var trimmed = text.AsSpan().Trim();
        var digits = trimmed.IndexOfAnyExcept(NumberCharacters);
        var number = digits < 0 ? trimmed : trimmed[..digits];
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || !TryFactor(digits < 0 ? "" : trimmed[digits..].Trim(), out var factor))
        {
            return false;
        }

        if (value <= 0 || value > (decimal)long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(value * factor);
        return bytes > 0;
    }

    private static bool TryFactor(ReadOnlySpan<char> suffix, out long factor)
    {
        factor = 1;
        if (suffix.IsEmpty || suffix.Equals("B", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var power = Prefixes.IndexOf(char.ToUpperInvariant(suffix[0]), StringComparison.Ordinal) + 1;
        var rest = suffix[1..];
        var isBinary = rest.Equals("i", StringComparison.OrdinalIgnoreCase) || rest.Equals("iB", StringComparison.OrdinalIgnoreCase);
        if (power == 0 || (!isBinary && !rest.IsEmpty && !rest.Equals("B", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        for (var step = 0; step < power; step++)
        {
            factor *= isBinary ? 1024 : 1000;
        }

        return true;
    }
}
