namespace Pedigree.Evidence.Descriptive;

/// <summary>Curves of one kind in two models.</summary>
/// <param name="Reference">The curve of the reference.</param>
/// <param name="Suspect">The curve of the suspect.</param>
/// <param name="Correlation">Their correlation, the shorter one stretched.</param>
internal sealed record CurvePair(DepthCurve Reference, DepthCurve Suspect, double Correlation)
{
    /// <summary>Pairs two curves; null when either is missing or they do not correlate.</summary>
    public static CurvePair? Of(DepthCurve? reference, DepthCurve? suspect) =>
        reference is not null && suspect is not null && DepthCurve.Correlate(reference.Values, suspect.Values) is { } correlation
            ? new CurvePair(reference, suspect, correlation) : null;

    /// <summary>The curve for drawing.</summary>
    public Curve Drawn() => new(Reference.Name, Suspect.Values, Reference.Values);
}
