using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>The share of the suspect's parameters that lie in units shown to be inherited. What no test speaks of counts as not shown.</summary>
/// <remarks>
/// Every tensor counts with the share of its units that hit, were matched by two views, or are equal bit for bit, whichever is the largest. MLPs: the share of the layer's neurons,
/// a layer counting only where it is shown by itself; of a layer of experts, the share among the experts that were read, which were drawn without looking at content. Attention:
/// the share of the layer's KV groups, if the test on them is positive, or of its query heads that two views agree on, if that test convicts; one a layer is left to chance. Routers: of the layer's experts; compressed dimensions: of those of the layer; embedding: of the
/// residual dimensions in it; each if its test is positive. Attention, embedding and unembedding count
/// with the share of rows that correspond (<see cref="RowCorrespondence"/>), where that is larger. Norms and biases have no test of their own and count only where they are equal bit for bit.
/// </remarks>
internal static class InheritedParameters
{
    // More than half of the values equal bit for bit: two trainings do not agree in that.
    private const double BitEqual = 0.5;

    // One layer in a hundred by chance, where a relation is established by other units.
    private const double Log10Layer = -2;

    /// <summary>The share, 0 to 1; null when no test could speak of any parameter.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="verdict">The verdict: without a relation nothing is inherited.</param>
    /// <param name="positive">Exact tests that found something.</param>
    /// <param name="layers">Links between layers, with the share of neurons.</param>
    /// <param name="alignment">What came out after alignment.</param>
    /// <param name="rows">Rows that correspond.</param>
    /// <param name="components">Agreement place by place.</param>
    /// <param name="tests">Number of exact tests that ran.</param>
    public static double? Of(
        ModelReader suspect, Verdict verdict, IReadOnlyList<OrderTestRun> positive, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> layers,
        AlignmentFindings alignment, RowCorrespondence rows, IReadOnlyList<ComponentAgreement> components, int tests)
    {
        if (verdict.Relation is "identical")
        {
            return 1;
        }

        var total = Math.Max(suspect.Anatomy.ParameterCount, suspect.Anatomy.Views.Values.Sum(view => view.Count));
        if (total == 0 || (tests == 0 && alignment.Agreement is null))
        {
            return null;
        }

        if (!VerdictRule.IsSharing(verdict))
        {
            return 0;
        }

        var equal = verdict.Relation is "derived" or "related"
            ? components.Where(component => component.BitEqualShare > BitEqual).ToDictionary(component => component.Component, component => component.BitEqualShare!.Value, StringComparer.Ordinal) : [];
        double inherited = 0;
        foreach (var (role, view) in suspect.Anatomy.Views)
        {
            var share = Math.Max(Math.Max(Shown(role, positive, layers, alignment), Joined(suspect, role, rows)), equal.GetValueOrDefault(ComponentCosines.ComponentOf(role.Part)));
            inherited += view.Count * share;
        }

        return Math.Min(1, inherited / total);
    }

    private static double Shown(
        Role role, IReadOnlyList<OrderTestRun> positive, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> layers, AlignmentFindings alignment) => role.Part switch
        {
            Part.Gate or Part.Up or Part.Down => Neurons(role, layers, alignment),
            Part.Query or Part.Key or Part.Value or Part.AttentionOutput or Part.QueryKeyValue or Part.KeyFromLatent or Part.ValueFromLatent or Part.QueryFromLatent =>
                Math.Max(HitShare(positive, ExactEvidence.KeyValueGroups, role.Layer), Heads(role.Layer, layers, alignment)),
            Part.LatentKeyValue or Part.LatentQuery => HitShare(positive, ExactEvidence.Latents, role.Layer),
            Part.Router => HitShare(positive, ExactEvidence.Experts, role.Layer),
            Part.Embedding => HitShare(positive, ExactEvidence.ResidualByEmbedding, -1),
            _ => 0,
        };

    // Tokens that only the suspect has came from nowhere.
    private static double Joined(ModelReader suspect, Role role, RowCorrespondence rows) =>
        rows.Share(role) * (role.Part is Part.Embedding or Part.Unembedding ? Math.Min(1, (double)rows.Tokens / Math.Max(1, suspect.Find(role)!.Rows)) : 1);

    private static double Neurons(Role role, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> layers, AlignmentFindings alignment)
    {
        if (layers.All(link => link.SuspectLayer != role.Layer))
        {
            return 0;
        }

        // Order speaks of one expert for each of the reference's; two views speak of all that were read.
        if (role.Expert != Role.Dense && alignment.Neurons.FirstOrDefault(map => map.SuspectLayer == role.Layer) is { } map)
        {
            var alike = map.Judged.Where(expert => expert.Expert < 0 == role.Expert < 0).ToArray();
            var possible = alike.Sum(expert => expert.Possible);
            return possible > 0 ? Math.Min(1, alike.Sum(expert => expert.Agreeing) / possible) : 0;
        }

        return layers.First(link => link.SuspectLayer == role.Layer).Share;
    }

    // Where attention convicts, all of it counts; where something else does, layers that are shown by themselves and come from where their MLP comes from.
    private static double Heads(int layer, IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> layers, AlignmentFindings alignment)
    {
        if (alignment.Heads is not { } heads || Enumerable.Range(0, heads.Held.Layers.Count).FirstOrDefault(i => heads.Held.Layers[i] == layer, -1) is not (>= 0 and var row))
        {
            return 0;
        }

        var (judged, agreeing) = (heads.Held.Judged[row], heads.Held.Agreeing(row));
        var isShown = heads.Convicts || (layers.Any(link => link.SuspectLayer == layer && link.ReferenceLayer == heads.Held.Best(row))
            && PoissonTail.Log10Bound(agreeing, Math.Max(1, (double)judged / Math.Max(1, heads.Held.ReferenceHeads))) <= Log10Layer);

        // Chance gives one head a layer.
        return !isShown || judged < 2 ? 0 : Math.Max(0, (agreeing - 1.0) / (judged - 1.0));
    }

    private static double HitShare(IReadOnlyList<OrderTestRun> positive, string id, int layer)
    {
        var groups = positive.FirstOrDefault(run => string.Equals(run.Id, id, StringComparison.Ordinal))?.Test?.Groups.Where(group => group.Group.SuspectLayer == layer).ToArray() ?? [];
        // A random order gives one hit a group.
        var units = groups.Sum(group => group.Valid.Length) - groups.Length;
        return units <= 0 ? 0 : Math.Max(0, (double)(groups.Sum(group => group.Hits) - groups.Length) / units);
    }
}
