using Pedigree.Lineage;
using Pedigree.Tests.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Compares models that exist only for one test.</summary>
internal static class Disguise
{
    /// <summary>Stores both and compares them.</summary>
    public static ComparisonResult Compare(EditableModel suspect, EditableModel reference)
    {
        using var folder = new TemporaryFolder();
        return Compare(suspect.Save(folder.Join("suspect")), reference.Save(folder.Join("reference")));
    }

    /// <summary>Compares stored models without keeping the result.</summary>
    public static ComparisonResult Compare(string suspect, string reference) =>
        Assert.Single(Comparison.Run(new ComparisonRequest(suspect, [reference]) { Threads = 2 }, null, TestContext.Current.CancellationToken).Results);

    /// <summary>Nothing is held against the suspect, not even an order that agrees.</summary>
    public static void IsNotAccused(ComparisonResult result) =>
        Assert.True(result.Verdict.Relation is "none-found" or "cannot-tell" && result.Verdict.Reason != "order-without-content", Comparisons.Line(result));

    /// <summary>No relation is claimed; that an order agrees may be said.</summary>
    public static void IsNotConvicted(ComparisonResult result) =>
        Assert.True(result.Verdict.Relation is "none-found" or "cannot-tell", Comparisons.Line(result));

    /// <summary>Shared parameters are shown.</summary>
    public static void IsFound(ComparisonResult result) =>
        Assert.True(result.Verdict.Relation is "related" && result.Verdict.Log10P <= -6, Comparisons.Line(result));
}
