using System.Text;
using System.Text.Json;
using Pedigree.Checkpoints;

namespace Pedigree.Reports;

/// <summary>What the files of a model say about its licence and origin. Declarations, not findings: nothing here was checked.</summary>
/// <param name="Field">The field as the file names it, such as <c>license</c>, <c>base_model</c> or <c>general.license</c>.</param>
/// <param name="Value">Its value, cut at 256 characters.</param>
/// <param name="File">The file that says so: <c>README.md</c>, <c>config.json</c>, or <c>metadata</c> for the header of a weight file.</param>
public sealed record DeclaredField(string Field, string Value, string File);

/// <summary>Reads declarations of licence and origin from the front matter of a model card, config.json and the metadata of weight files.</summary>
internal static class DeclaredOrigin
{
    private const int LongestFrontMatter = 1 << 16;
    private const int LongestValue = 256;
    private const int MostFields = 64;

    private static readonly string[] FieldsOfCard = ["license", "license_name", "license_link", "base_model", "base_model_relation", "datasets", "new_version"];
    private static readonly string[] FieldsOfConfig = ["_name_or_path", "model_type", "architectures", "transformers_version"];
    private static readonly string[] FieldsOfMetadata = ["general.license", "general.name", "general.author", "general.organization", "general.base_model.", "general.source.", "base_model"];

    /// <summary>The declarations, in the order of files and fields; at most 64.</summary>
    public static IReadOnlyList<DeclaredField> Of(ITensorSource source) =>
    [
        .. Card(source.SideFiles).Concat(Config(source.SideFiles)).Concat(Metadata(source.Metadata))
            .Where(field => field.Value.Length > 0)
            .Select(field => field with { Value = field.Value.Length > LongestValue ? field.Value[..LongestValue] : field.Value })
            .Take(MostFields),
    ];

    // The front matter is YAML between two lines of three hyphens; of it, `field: value`, `field: [a, b]` and a list of `- value` lines are read.
    private static IEnumerable<DeclaredField> Card(IReadOnlyDictionary<string, byte[]> files)
    {
        const string name = "README.md";
        if (!files.TryGetValue(name, out var bytes))
        {
            yield break;
        }

        var lines = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, LongestFrontMatter))).Split('\n');
        if (lines[0].Trim('\uFEFF', '\r', ' ') is not "---")
        {
            yield break;
        }

        string? list = null;
        foreach (var line in lines.Skip(1).Select(line => line.TrimEnd('\r', ' ')).TakeWhile(line => line is not "---"))
        {
            if (list is not null && line.TrimStart() is ['-', ' ', .. var item])
            {
                yield return new DeclaredField(list, Unquoted(item), name);
                continue;
            }

            list = null;
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && Array.IndexOf(FieldsOfCard, line[..colon]) >= 0)
            {
                var value = line[(colon + 1)..].Trim();
                list = value.Length == 0 ? line[..colon] : null;
                foreach (var one in value is ['[', .. var inner, ']'] ? inner.Split(',') : [value])
                {
                    yield return new DeclaredField(line[..colon], Unquoted(one), name);
                }
            }
        }
    }

    private static IReadOnlyList<DeclaredField> Config(IReadOnlyDictionary<string, byte[]> files)
    {
        const string name = "config.json";
        if (!files.TryGetValue(name, out var bytes))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind != JsonValueKind.Object ? [] :
            [
                .. FieldsOfConfig.Where(field => document.RootElement.TryGetProperty(field, out _)).SelectMany(field => Texts(document.RootElement.GetProperty(field)).Select(text => new DeclaredField(field, text, name))),
            ];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The anatomy reports a configuration that cannot be read; text that is not Unicode counts as none.
            return [];
        }
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
        _ => [],
    };

    private static IEnumerable<DeclaredField> Metadata(IReadOnlyDictionary<string, string> metadata) => metadata
        .Where(entry => Array.Exists(FieldsOfMetadata, field => field.EndsWith('.') ? entry.Key.StartsWith(field, StringComparison.Ordinal) : string.Equals(entry.Key, field, StringComparison.Ordinal)))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => new DeclaredField(entry.Key, entry.Value, "metadata"));

    private static string Unquoted(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length > 1 && trimmed[0] == trimmed[^1] && trimmed[0] is '"' or '\'' ? trimmed[1..^1] : trimmed;
    }
}
