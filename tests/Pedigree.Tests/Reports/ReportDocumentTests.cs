using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Architecture;
using Xunit;

namespace Pedigree.Tests.Reports;

/// <summary>Holds docs/report-json.md and docs/inspect-json.md to what is written.</summary>
public partial class ReportDocumentTests
{
    private static readonly string[] Lines = LinesOf("report-json.md");

    [Theory]
    [InlineData("report-json.md", typeof(ComparisonReport))]
    [InlineData("inspect-json.md", typeof(InspectionReport))]
    public void Every_member_is_documented_with_its_type_and_nothing_else_is(string document, Type report)
    {
        var documented = LinesOf(document).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups["member"].Value}: {row.Groups["type"].Value}").ToArray();
        Assert.Equal(Members(report, ""), documented);
    }

    [Fact]
    public void An_inspection_of_a_real_model_has_exactly_the_documented_members()
    {
        using var source = Checkpoint.Open(Path.Combine(Repository.Root, "samples", "A1"));
        var anatomy = AnatomyReader.Read(source);
        var options = new MeasurementOptions { Statistics = true, Layers = true };
        var cancellation = TestContext.Current.CancellationToken;
        using var stream = new MemoryStream();
        Inspection.Write(stream, Inspection.Of(source, anatomy, "0", ModelMeasurement.Of(source, anatomy, options, cancellation), ContentDigest.Compute(source, anatomy, 1, cancellation)));
        using var report = JsonDocument.Parse(stream.ToArray());
        var documented = LinesOf("inspect-json.md").Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups["member"].Value).ToHashSet(StringComparer.Ordinal);
        var written = Paths(report.RootElement, "").Distinct().ToArray();
        Assert.Subset(documented, written.ToHashSet(StringComparer.Ordinal));
        Assert.Contains("folded[].statistics.deviation.least", written);
        Assert.Contains("tensors[].statistics.zeroColumns", written);
        Assert.Contains("perLayer[].attentionGain", written);
    }

    [Fact]
    public void A_report_of_real_models_has_exactly_the_documented_members()
    {
        string Sample(string name) => Path.Combine(Repository.Root, "samples", name);
        using var stream = new MemoryStream();
        ReportJson.Write(stream, Comparison.Run(new ComparisonRequest(Sample("ft"), [Sample("A1"), Sample("A2")]), cancellation: TestContext.Current.CancellationToken));
        using var report = JsonDocument.Parse(stream.ToArray());
        var documented = Lines.Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups["member"].Value).ToHashSet(StringComparer.Ordinal);
        var written = Paths(report.RootElement, "").Distinct().ToArray();
        Assert.Subset(documented, written.ToHashSet(StringComparer.Ordinal));
        Assert.Contains("results[].evidence[].companion.ceiling", written);
        Assert.Contains("results[].seats[].cosine", written);
    }

    [Fact]
    public void Every_word_of_a_closed_list_is_documented()
    {
        string[] Of<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
        void Listed(string member, IEnumerable<string> words) =>
            Assert.All(words, word => Assert.Contains(Lines, line => line.StartsWith($"| `{member}` |", StringComparison.Ordinal) && line.Contains($"`{word}`", StringComparison.Ordinal)));
        Listed("results[].evidence[].tier", Of<Tier>());
        Listed("results[].assumptions[].status", Of<AssumptionStatus>());
        Listed("results[].verdict.relation", Constants(typeof(Relations)));
        Listed("results[].verdict.direction", Constants(typeof(Directions)));
    }

    private static string[] LinesOf(string document) => File.ReadAllLines(Path.Combine(Repository.Root, "docs", document));

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Members(Type type, string prefix)
    {
        var contract = ReportJsonContext.Strict.GetTypeInfo(type);
        foreach (var property in contract.Properties)
        {
            var path = prefix + property.Name;
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var mayBeNull = inner != property.PropertyType || (!inner.IsValueType && property.IsGetNullable);
            yield return $"{path}: {Word(inner)}{(mayBeNull ? " or null" : "")}";
            var (element, suffix) = Element(inner) is { } item ? (item, "[].") : (inner, ".");
            if (IsObject(element))
            {
                foreach (var member in Members(element, path + suffix))
                {
                    yield return member;
                }
            }
        }
    }

    private static string Word(Type type) =>
        Element(type) is { } element ? $"array of {Word(element)}"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : type == typeof(double) ? "number"
        : type == typeof(string) || type.IsEnum ? "string"
        : type == typeof(IReadOnlyDictionary<string, double>) ? "object of numbers"
        : "object";

    private static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static bool IsObject(Type type) => Word(type) is "object" && ReportJsonContext.Strict.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object;

    private static IEnumerable<string> Paths(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().SelectMany(item => Paths(item, path + "[]"));
        }

        // Figures of a kind have names of their own, which are no members of the schema.
        return element.ValueKind != JsonValueKind.Object || path.EndsWith(".parameters", StringComparison.Ordinal) ? []
            : element.EnumerateObject().SelectMany(member =>
            {
                var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                return Paths(member.Value, inner).Prepend(inner);
            });
    }

    [GeneratedRegex(@"^\| `(?<member>[\w.\[\]]+)` \| (?<type>[a-z ]+) \| \S.*\|$")]
    private static partial Regex Row();
}
