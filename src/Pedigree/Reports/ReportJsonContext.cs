using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>The compiled knowledge of how reports become JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(InspectionReport))]
[JsonSerializable(typeof(MapCheckReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext
{
    /// <summary>The options of every report: all members present, none unknown, numbers finite, the same bytes everywhere.</summary>
    public static readonly JsonSerializerOptions Strict = new()
    {
        TypeInfoResolver = new ReportJsonContext().WithAddedModifier(RequireEveryMember),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = MaximumDepth,
        WriteIndented = true,
        NewLine = "\n",
        // Sentences hold backticks and names in any script; the strict encoder would make them unreadable. Control characters stay escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new FiniteNumberConverter(),
            new SortedFiguresConverter(),
            new JsonStringEnumConverter<Tier>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<AssumptionStatus>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
        },
    };

    /// <summary>Levels of nesting that a report may have; the deepest that is written has seven.</summary>
    public const int MaximumDepth = 32;

    // Everything is written, so everything is expected: a report from which a member was cut out does not pass as a whole one.
    private static void RequireEveryMember(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = true;
        }
    }
}
