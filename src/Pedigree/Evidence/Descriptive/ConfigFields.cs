using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The fields of a <c>config.json</c> as flat names and short values. The file is not trusted: depth, number of fields and lengths are bounded
/// and control characters are replaced.</summary>
internal static class ConfigFields
{
    private const int MostFields = 512;
    private const int LongestName = 96;
    private const int LongestValue = 64;

    /// <summary>Values by name, nested names joined with points; null when the file is no JSON object. Arrays are one value.</summary>
    public static SortedDictionary<string, string>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
            Add(document.RootElement, "", fields);
            return fields;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Add(JsonElement element, string prefix, SortedDictionary<string, string> fields)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (fields.Count >= MostFields)
            {
                return;
            }

            if (NameOf(property) is not { } own)
            {
                continue;
            }

            var name = prefix + own;
            if (property.Value.ValueKind == JsonValueKind.Object && name.Length <= LongestName)
            {
                Add(property.Value, name + ".", fields);
            }
            else
            {
                fields[Printable(name, LongestName)] = Printable(ValueOf(property.Value), LongestValue);
            }
        }
    }

    // Text that is no valid Unicode is reported as an invalid operation; such a field is left out.
    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // 1E-06, 1e-6 and 0.000001 are one number.
    private static string ValueOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : value.GetRawText();

    private static string Printable(string text, int longest)
    {
        var printed = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (printed.Length >= longest)
            {
                return printed.Append('…').ToString();
            }

            var printable = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            printed.Append(printable ? rune.ToString() : "\uFFFD");
        }

        return printed.ToString();
    }
}
