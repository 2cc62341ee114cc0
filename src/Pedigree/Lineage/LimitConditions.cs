using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>The conditions under which a detection limit holds, as phrases of the report.</summary>
internal static class LimitConditions
{
    /// <summary>Conditions of the limit of one test.</summary>
    public static IReadOnlyList<string> Of(OrderTestRun run)
    {
        var groups = run.Test!.Groups;
        var where = groups[0].Group.ReferenceLayer < 0
            ? "in all columns compared"
            : $"in all {groups.Select(group => group.Group.ReferenceLayer).Distinct().Count()} layers compared, each at its own index";
        return ["unit order and residual basis kept", $"{run.Units} inherited {where}"];
    }
}
