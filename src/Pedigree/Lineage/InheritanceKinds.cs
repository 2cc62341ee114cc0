using Pedigree.Evidence;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Names the ways in which parameters were inherited, as far as order kept can show them.</summary>
internal static class InheritanceKinds
{
    /// <summary>The kinds of one result; empty when nothing was found.</summary>
    public static IReadOnlyList<InheritanceKind> Of(
        Verdict verdict, Identity identity, IReadOnlyList<OrderTestRun> positive, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> shown,
        IReadOnlyList<ComponentAgreement> components, int layers, AlignmentFindings alignment)
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

        kinds.AddRange(AlignedKinds.Of(verdict, positive, alignment));
        kinds.AddRange(LayerKinds.Of(shown, layers));

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
