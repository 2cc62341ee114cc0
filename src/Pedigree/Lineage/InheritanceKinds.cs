using Pedigree.Evidence;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Names the ways in which parameters were inherited, as far as order kept can show them.</summary>
internal static class InheritanceKinds
{
    /// <summary>The kinds of one result; empty when nothing was found.</summary>
    public static IReadOnlyList<InheritanceKind> Of(
        Verdict verdict, Identity identity, IReadOnlyList<OrderTestRun> positive, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double HitShare)> shown,
        IReadOnlyList<ComponentAgreement> components, ExactFindings exact)
    {
        if (identity.Identical)
        {
            return [new InheritanceKind("identical", "every tensor", new SortedDictionary<string, double>(StringComparer.Ordinal) { ["values"] = identity.Compared }, null, ["tensor-cosine"])];
        }

        var kinds = new List<InheritanceKind>();
        foreach (var run in positive)
        {
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["hitShare"] = (double)run.Test!.Hits / run.Test.Compared,
                ["meanRowCosine"] = run.Test.Companion!.MeanCosine,
            };
            kinds.Add(new InheritanceKind("order-and-content-kept", run.Units, figures, null, [run.Id]));
        }

        var compared = exact.Find(ExactEvidence.Neurons)?.Test?.Groups.Select(group => group.Group.SuspectLayer).Distinct().Count() ?? 0;
        if (shown.Count > 0 && shown.Count < compared)
        {
            kinds.Add(new InheritanceKind(
                "some-layers", $"layers {string.Join(", ", shown.Select(link => link.SuspectLayer))} of the suspect",
                new SortedDictionary<string, double>(StringComparer.Ordinal) { ["layersShown"] = shown.Count, ["layersCompared"] = compared }, null, [ExactEvidence.Neurons]));
        }

        // More than half of the values equal bit for bit: two trainings do not agree in that, storage rounding alone does not either.
        foreach (var component in components.Where(component => verdict.Relation is "related" or "derived" && component.BitEqualShare > 0.5 && component.Cosine is not null))
        {
            kinds.Add(new InheritanceKind(
                "unchanged-values", component.Component,
                new SortedDictionary<string, double>(StringComparer.Ordinal) { ["bitEqualShare"] = component.BitEqualShare!.Value }, null, ["tensor-cosine"]));
        }

        return kinds;
    }
}
