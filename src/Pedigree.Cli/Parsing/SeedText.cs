using System.Globalization;

namespace Pedigree.Cli.Parsing;

/// <summary>Reads seeds: hexadecimal after <c>0x</c> and as the 16 digits that reports print, decimal otherwise.</summary>
internal static class SeedText
{
    private const int DigitsInReports = 16;

    public static bool TryParse(string text, out ulong seed) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out seed)
        : text.Length == DigitsInReports ? ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out seed)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
