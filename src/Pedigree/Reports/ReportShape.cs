using System.Text.Json;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>What is checked of a report before its members are: that it is JSON, that its schema is known, that no list has holes.</summary>
internal static class ReportShape
{
    private const string SchemaFamily = "pedigree/compare/";

    public static void Check(ReadOnlyMemory<byte> bytes)
    {
        using var document = Parse(bytes);
        CheckSchema(document.RootElement);
        CheckLists(document.RootElement, "");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = ReportJsonContext.MaximumDepth });
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
            throw new ReportException($"This is not a report: it is not valid JSON{where}.",
                "Reports are written by `pedigree compare SUSPECT REFERENCE --output FILE`.", exception);
        }
    }

    private static void CheckSchema(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("schema", out var member)
            || member.ValueKind != JsonValueKind.String)
        {
            throw new ReportException("This is not a report: it has no member `schema`.",
                "Reports are written by `pedigree compare SUSPECT REFERENCE --output FILE`.");
        }

        var schema = member.GetString()!;
        if (string.Equals(schema, ComparisonReport.CurrentSchema, StringComparison.Ordinal))
        {
            return;
        }

        throw new ReportException(
            $"The report has the schema `{schema}`, and this version reads `{ComparisonReport.CurrentSchema}`.",
            schema.StartsWith(SchemaFamily, StringComparison.Ordinal) ? "Use the version of the program that wrote it, or a newer one." : null);
    }

    // The serializer checks members against null but not the elements of lists. A null in a series of numbers stands for "not a number".
    private static void CheckLists(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                CheckLists(member.Value, member.Name);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Null && name is not ("suspect" or "reference" or "interval"))
                {
                    throw new ReportException($"The report is not whole: the list `{name}` holds a null.");
                }

                CheckLists(item, name);
            }
        }
    }
}
