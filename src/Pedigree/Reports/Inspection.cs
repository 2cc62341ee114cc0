using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>Turns the anatomy of a model into the report of <c>pedigree inspect</c>, and that into JSON.</summary>
public static class Inspection
{
    // Chat templates and licence texts have many thousand characters and say nothing about weights.
    private const int LongestMetadata = 500;

    /// <summary>Collects what is known about a model.</summary>
    /// <param name="source">The opened checkpoint.</param>
    /// <param name="anatomy">What its tensors are for.</param>
    /// <param name="toolVersion">Version of the program.</param>
    /// <param name="measurement">What was measured on it; null for nothing.</param>
    /// <param name="digest">Digests of all values, or null if they were not asked for.</param>
    public static InspectionReport Of(
        ITensorSource source, ModelAnatomy anatomy, string toolVersion, ModelMeasurement? measurement = null, ContentDigest? digest = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(anatomy);
        var fixedTables = anatomy.Fixed.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return new InspectionReport(
            InspectionReport.CurrentSchema,
            toolVersion,
            anatomy.Family,
            anatomy.Layers,
            anatomy.Width,
            HeadsOf(anatomy),
            anatomy.Experts,
            source.Tensors.Where(tensor => tensor.Type.IsFloating() && !fixedTables.Contains(tensor.Name)).Sum(tensor => tensor.Count),
            source.Tensors.Count,
            source.TotalBytes,
            TypesOf(source),
            [.. source.Shards.Select(shard => Path.GetFileName(shard))],
            RolesOf(anatomy),
            [.. anatomy.Interchangeable.Select(pair => new InspectedPair(KebabCase(pair.First), KebabCase(pair.Second)))],
            [.. anatomy.Fixed.Select(Describe)],
            [.. anatomy.NotUnderstood.Select(Describe)],
            [
                .. source.Findings.Concat(SuspiciousContent.Of(source)).Select(finding => new Finding(finding.Id, finding.Text)),
                .. anatomy.Findings.Select(finding => new Finding(finding.Id, finding.Text)),
                .. measurement?.Findings ?? [],
                .. measurement?.Findings.Any(finding => finding.Id is "values-not-finite") is true ? [] : NotFinite(digest),
            ],
            source.Address)
        {
            Metadata = [.. source.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new InspectedMetadata(pair.Key, Shortened(pair.Value)))],
            Digest = digest is null ? null : new InspectedDigest(
                digest.Model, [.. digest.Tensors.Select(tensor => new InspectedTensorDigest(tensor.Label, tensor.Tensor, tensor.Encoding, tensor.Sha256, tensor.NotFinite, tensor.IsFixed))]),
            Auxiliary = [.. anatomy.Auxiliary.Select(Describe)],
            Components = [.. anatomy.Components.Select(Describe)],
            Declared = DeclaredOrigin.Of(source),
            Vectors = [.. (measurement?.Vectors ?? []).Select(Describe)],
            VectorKinds = [.. (measurement?.VectorKinds ?? []).Select(Describe)],
            Tensors = TensorsOf(anatomy, measurement?.Tensors ?? []),
            Folded = measurement?.Folded ?? [],
            PerLayer = measurement?.Layers ?? [],
        };
    }

    /// <summary>Writes a report as JSON, followed by a line feed.</summary>
    /// <param name="destination">Receives the bytes; stays open.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream destination, InspectionReport report)
    {
        ArgumentNullException.ThrowIfNull(destination);
        JsonSerializer.Serialize(destination, report, ReportJson.TypeOf<InspectionReport>());
        destination.WriteByte((byte)'\n');
    }

    private static IEnumerable<Finding> NotFinite(ContentDigest? digest)
    {
        var tensors = digest?.Tensors.Where(tensor => tensor.NotFinite > 0).ToArray() ?? [];
        if (tensors.Length > 0)
        {
            yield return new Finding("values-not-finite", $"{tensors.Sum(tensor => tensor.NotFinite)} values in {tensors.Length} tensors are infinite or not a number, the first in `{tensors[0].Tensor}`.");
        }
    }

    private static string Shortened(string value) => value.Length <= LongestMetadata ? value : value[..LongestMetadata] + "…";

    private static string EncodingOf(StoredTensor tensor) => tensor.Encoding ?? tensor.Type.ToString();

    private static InspectedType[] TypesOf(ITensorSource source) =>
        [.. source.Tensors
            .GroupBy(EncodingOf, StringComparer.Ordinal)
            .Select(group => new InspectedType(group.Key, group.Count(), group.Sum(tensor => tensor.StoredLength)))
            .OrderByDescending(type => type.Bytes)
            .ThenBy(type => type.Type, StringComparer.Ordinal)];

    private static InspectedRole[] RolesOf(ModelAnatomy anatomy) =>
        [.. anatomy.Views
            .GroupBy(entry => (Place: PlaceOf(entry.Key), entry.Key.Part, entry.Key.BiasOf, entry.Value.Rows, entry.Value.Columns, Type: EncodingOf(entry.Value.Tensor)))
            .OrderBy(group => group.Key.Place)
            .ThenBy(group => group.Key.Part)
            .ThenBy(group => group.Key.BiasOf)
            .ThenBy(group => group.Min(entry => entry.Key.Layer))
            .ThenByDescending(group => group.Count())
            .ThenBy(group => (group.Key.Rows, group.Key.Columns))
            .ThenBy(group => group.Key.Type, StringComparer.Ordinal)
            .Select(group => new InspectedRole(
                group.Key.BiasOf is { } of ? $"{KebabCase(of)}-bias" : KebabCase(group.Key.Part),
                KebabCase(group.Key.Place),
                group.Key.Rows,
                group.Key.Columns,
                group.Key.Type,
                group.Count(),
                [.. group.Select(entry => entry.Key.Layer).Where(layer => layer >= 0).Distinct().Order()]))];

    private static InspectedHeads? HeadsOf(ModelAnatomy anatomy) =>
        anatomy.Heads is { } heads ? new InspectedHeads(heads.Query, heads.KeyValue, heads.Dimension, heads.Basis) : null;

    private static InspectedComponent Describe(ModelComponent component) => new(
        component.Prefix, component.Anatomy.Family, component.Anatomy.Layers, component.Anatomy.Width, HeadsOf(component.Anatomy),
        component.Anatomy.ParameterCount, [.. component.Anatomy.NotUnderstood.Select(Describe)]);

    private static InspectedVector Describe(VectorFigures vector) => new(
        RoleName(vector.Role), vector.Role.Layer, vector.Mean, vector.Deviation, vector.Largest, vector.Spike);

    private static InspectedVectorKind Describe(VectorSummary kind) => new(
        RoleName(new Role(kind.Part, BiasOf: kind.BiasOf)), kind.Layers, kind.Count, kind.Mean, kind.Largest, kind.Spike, kind.SpikeLayer);

    private static InspectedValues[] TensorsOf(ModelAnatomy anatomy, IReadOnlyList<MeasuredTensor> tensors)
    {
        var roles = anatomy.Views.ToLookup(entry => entry.Value.Tensor.Name, entry => entry.Key.ToString(), StringComparer.Ordinal);
        return [.. tensors.Select(entry => new InspectedValues(
            entry.Tensor.Name, EncodingOf(entry.Tensor), [.. entry.Tensor.Shape], [.. roles[entry.Tensor.Name]], entry.Statistics))];
    }

    private static string RoleName(Role role) => role.BiasOf is { } of ? $"{KebabCase(of)}-bias" : KebabCase(role.Part);

    private static InspectedTensor Describe(StoredTensor tensor) => new(tensor.Name, EncodingOf(tensor), [.. tensor.Shape]);

    private static Place PlaceOf(Role role) =>
        role.Layer < 0 ? Place.Model
        : role.Expert == Role.Shared ? Place.SharedExpert
        : role.Expert == Role.Dense ? Place.Layer
        : Place.RoutedExpert;

    private static string KebabCase<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private enum Place
    {
        Model,
        Layer,
        RoutedExpert,
        SharedExpert,
    }
}
