namespace Pedigree.Lineage;

/// <summary>Compares a suspect with references.</summary>
public static class Comparison
{
    /// <summary>Runs a comparison. Not available yet.</summary>
    /// <param name="request">What to compare, and how.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="NotSupportedException">Always, for now.</exception>
    public static ComparisonReport Run(ComparisonRequest request, IProgressSink progress, CancellationToken cancellation) =>
        throw new NotSupportedException("Comparing is not built into this version yet.");
}
