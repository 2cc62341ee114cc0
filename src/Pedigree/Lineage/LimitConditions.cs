using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>The conditions under which a detection limit holds, as phrases of the report.</summary>
internal static class LimitConditions
{
    /// <summary>Conditions of the limit of the search by alignment: that of a planted child.</summary>
    public static readonly IReadOnlyList<string> Aligned = ["all rows inherited, in any order and any residual basis", "neurons of at least a quarter of the layers"];

    /// <summary>Conditions of the limit of one test.</summary>
    public static IReadOnlyList<string> Of(OrderTestRun run)
    {
        var groups = run.Test!.Groups;
        var where = groups[0].Group.ReferenceLayer < 0
            ? "in all columns compared"
            : $"in all {groups.Select(group => group.Group.ReferenceLayer).Distinct().Count()} layers compared, each at its own index";
        return [string.Equals(run.Id, AlignedOrder.Id, StringComparison.Ordinal) ? "unit order kept, residual basis found by alignment" : "unit order and residual basis kept", $"{run.Units} inherited {where}"];
    }
}
