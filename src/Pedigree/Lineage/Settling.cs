using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>What would settle a question that a verdict leaves open.</summary>
internal static class Settling
{
    /// <summary>After an order that agrees without content.</summary>
    public static readonly IReadOnlyList<string> OrderWithoutContent =
    [
        "A digest of the reference dated before the suspect, so that a later reordering is excluded.",
        "An earlier checkpoint of either model, closer to the common start.",
        "`--full`, which reads every seat and lowers the margin of the companion check.",
    ];

    /// <summary>After an agreement of embeddings alone.</summary>
    public static readonly IReadOnlyList<string> EmbeddingsAlone =
    [
        "A digest of either model dated before the other, so that a rotation afterwards is excluded.",
        "An earlier checkpoint of the suspect, in which copied embeddings would still be equal bit for bit.",
    ];

    /// <summary>After a shared start.</summary>
    public static readonly IReadOnlyList<string> SharedStart =
    [
        "The initial checkpoint of either model: how far each moved from it, and whether they moved together.",
        "Training logs that state the seed.",
    ];

    /// <summary>After nothing was found.</summary>
    public static IReadOnlyList<string> NoneFound(AlignmentFindings alignment) =>
    [
        .. alignment.BytesNeeded > 0 ? [Budget(alignment.BytesNeeded, "permuted, rotated, pruned and re-layered copies are searched for")] : Array.Empty<string>(),
        .. alignment.BytesForHeads > 0 ? [Budget(alignment.BytesForHeads, "attention is judged")] : Array.Empty<string>(),
        "`--full`, which reads everything and lowers the detection limit.",
    ];

    /// <summary>After a positive.</summary>
    public static IReadOnlyList<string> Shared(string relation, string? reason)
    {
        var steps = new List<string>();
        if (string.Equals(relation, "related", StringComparison.Ordinal))
        {
            steps.Add("`--published-first`, if it is known which model was published first.");
            steps.Add("A third relative of either model, which shows the direction.");
        }

        if (reason is not null)
        {
            steps.Add("Training logs or the initial checkpoint, to exclude two runs of the same script.");
        }

        return steps;
    }

    /// <summary>After no test applied.</summary>
    public static IReadOnlyList<string> NoTest(ExactFindings exact, AlignmentFindings alignment)
    {
        var steps = new List<string>();
        if (exact.Runs.Any(run => run.OrderStructured))
        {
            steps.Add("A copy of the model from before its units were sorted or arranged.");
        }

        steps.Add("A relative of the suspect with the shape of the reference, such as a smaller or larger sibling.");
        if (alignment.BytesNeeded > 0)
        {
            steps.Add(Budget(alignment.BytesNeeded, "permuted, rotated, pruned and re-layered copies are searched for"));
        }

        return steps;
    }

    private static string Budget(long bytes, string what) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"`--budget {Math.Ceiling(bytes / 1e7) * 10:0}MB`, with which {what} as well.");
}
