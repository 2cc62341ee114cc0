using System.Globalization;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Says in words how often unrelated and related models reach a depth-curve score.</summary>
internal static class SigmaNullPhrase
{
    /// <summary>The phrase for a score between models of the given depths.</summary>
    public static string For(double score, int referenceDepth, int suspectDepth) => For(SigmaNullBank.Groups, score, referenceDepth, suspectDepth);

    /// <summary>The phrase for a score that other groups than those of attention belong to.</summary>
    public static string For(IReadOnlyList<SigmaNullGroup> groups, double score, int referenceDepth, int suspectDepth)
    {
        var depth = Math.Min(referenceDepth, suspectDepth);
        var clauses = new[]
        {
            Clause("unrelated, same recipe", SigmaNullKind.SameRecipe),
            Clause("unrelated, other recipe", SigmaNullKind.OtherRecipe),
            Clause("related", SigmaNullKind.Related),
        };
        var outside = depth is < SigmaNullBank.Shallowest or > SigmaNullBank.Deepest
            ? string.Create(CultureInfo.InvariantCulture,
                $"{depth} layers lie outside the bank ({SigmaNullBank.Shallowest} to {SigmaNullBank.Deepest}), so the nearest depth stands in; ")
            : "";
        return $"the median of unrelated real pairs of one recipe; {outside}pairs that reach this: {string.Join("; ", clauses)}; source: {SigmaNullBank.Source}";

        string Clause(string relation, SigmaNullKind kind) => $"{relation}: " + string.Join(", ",
            SigmaNullBank.Nearest(groups, kind, referenceDepth, suspectDepth).Select(group => $"{Reach(group, score)} ({group.Name})"));
    }

    private static string Reach(SigmaNullGroup group, double score)
    {
        var reach = 1 - group.ShareBelow(score);
        var lowest = group.Quantiles.First(quantile => !double.IsNaN(quantile));
        var pairs = string.Create(CultureInfo.InvariantCulture, $"of {group.Pairs:N0}");
        var percent = string.Create(CultureInfo.InvariantCulture, $"{100 * reach:0.#} %");
        return reach <= 0 ? $"none {pairs}"
            : score < lowest ? $"over {percent} {pairs}"
            : reach < 0.001 ? $"under 0.1 % {pairs}"
            : $"{percent} {pairs}";
    }
}
