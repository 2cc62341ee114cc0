using System.Globalization;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The fields of <c>config.json</c> that differ. A configuration is a declaration that anyone can edit: equal files prove no lineage,
/// different ones exclude none.</summary>
public static class ConfigDifferences
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "config-differences";

    private const int MostPrinted = 24;

    /// <summary>Compares the declared configurations; the statistic is the number of fields that differ, null when a file is absent or unreadable.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    public static EvidenceItem Compare(DescribedModel reference, DescribedModel suspect)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(suspect);
        var (first, second) = (Fields(reference.Source), Fields(suspect.Source));
        if (first is null || second is null)
        {
            var missing = (first, second) switch { (null, null) => "either model", (null, _) => "the reference", _ => "the suspect" };
            return Item(null, $"Not computed: no readable config.json beside {missing}.");
        }

        var names = first.Keys.Union(second.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => !string.Equals(first.GetValueOrDefault(name), second.GetValueOrDefault(name), StringComparison.Ordinal))
            .ToArray();
        var printed = names.Take(MostPrinted).Select(name =>
            $"{name}: {first.GetValueOrDefault(name, "absent")} in the reference, {second.GetValueOrDefault(name, "absent")} in the suspect");
        var more = names.Length > MostPrinted ? string.Create(CultureInfo.InvariantCulture, $"; and {names.Length - MostPrinted} more") : "";
        return Item(names.Length, names.Length == 0 ? "No field differs." : string.Join("; ", printed) + more + ".");
    }

    private static SortedDictionary<string, string>? Fields(ITensorSource source) =>
        source.SideFiles.TryGetValue("config.json", out var content) ? ConfigFields.Read(content) : null;

    private static EvidenceItem Item(double? differing, string note) => new()
    {
        Test = Test,
        Tier = Tier.Descriptive,
        Statistic = differing,
        StatisticName = "fields of config.json that differ",
        Null = "no null: a declaration that anyone can edit proves nothing either way",
        Note = note,
    };
}
