using System.Text;
using Pedigree.Reports;
using Pedigree.Zoo.Benching;

namespace Pedigree.Zoo.Sweeping;

/// <summary>The outcome of a sweep as tables in Markdown.</summary>
internal static class SweepTable
{
    /// <summary>A table by kind, and every pair that went wrong.</summary>
    public static string Markdown(ulong seed, int families, IReadOnlyList<SweepResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine($"# Sweep of seeds {seed} to {seed + (ulong)families - 1}: {results.Count} pairs").AppendLine();
        text.AppendLine("| kind | pairs | related | shared start | none found | cannot tell | accused | layers named rightly |").AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var group in results.GroupBy(result => (result.Tie, Kind: result.Kind.StartsWith("trap", StringComparison.Ordinal) ? "traps" : result.Kind)).OrderBy(group => group.Key))
        {
            int Said(params string[] relations) => group.Count(result => relations.Contains(result.Relation, StringComparer.Ordinal));
            var mapped = group.Where(result => result.TrueMap is not null && Relations.IsFound(result.Relation)).ToArray();
            var named = mapped.Length == 0 ? "" : $"{mapped.Sum(result => result.LayerMap.Zip(result.TrueMap!).Count(pair => pair.First == pair.Second))} of {mapped.Sum(result => result.TrueMap!.Count)}, {mapped.Sum(result => result.WrongLayers)} wrong";
            text.AppendLine(
                $"| {group.Key.Kind} | {group.Count()} | {Said("related", Relations.Derived, Relations.Identical)} | {Said(Relations.SharedInitialisation)} | {Said(Relations.NoneFound)} | {Said(Relations.CannotTell)} | {group.Count(result => result.Outcome == Outcome.FalselyAccused)} | {named} |");
        }

        text.AppendLine();
        foreach (var result in results.Where(result => result.Outcome is not (Outcome.Right or Outcome.Abstained) || result.WrongLayers > 0).OrderByDescending(result => result.Outcome))
        {
            text.AppendLine($"* {result.Outcome}: seed {result.Seed}, {result.Kind}, {result.Composition}, {result.Stored}: {result.Relation}");
        }

        return text.ToString();
    }
}
