namespace Pedigree.Evidence.Descriptive;

/// <summary>Whether the lengths of corresponding neurons vary together. A random start gives all neurons of a layer nearly the same length; what training made of them
/// differs. So lengths tell shared training from a shared start, in any order of the neurons and in any residual basis.</summary>
/// <remarks>
/// The logarithm of the length of a row of d independent starting values varies by 1/(2d). Of the covariance of log lengths, summed over v views and centred in each
/// layer, a common start alone explains at most v/(2d); the rest, beyond what chance adds at level 1e-6, was trained before the models parted.
/// </remarks>
/// <param name="Correlation">Pooled correlation, each layer centred.</param>
/// <param name="Covariance">Pooled covariance.</param>
/// <param name="StartAlone">The covariance that a common start explains at most.</param>
/// <param name="Margin">What chance adds at level 1e-6.</param>
/// <param name="Neurons">Corresponding neurons.</param>
public sealed record RowLengthAgreement(double Correlation, double Covariance, double StartAlone, double Margin, int Neurons)
{
    // One-sided normal deviate of 1e-6.
    private const double Deviates = 4.7534243088;

    /// <summary>Shared training is shown.</summary>
    public bool SharedTraining => Covariance > StartAlone + Margin;

    /// <summary>Measures.</summary>
    /// <param name="layers">For each layer, log lengths of corresponding neurons, suspect and reference.</param>
    /// <param name="startAlone">Σ 1/(2d) over the views that each log length sums over, d values in a row: the covariance that a common start explains at most.</param>
    /// <returns>The agreement, or null when fewer than two neurons correspond or nothing varies.</returns>
    public static RowLengthAgreement? Of(IEnumerable<IReadOnlyList<(double Suspect, double Reference)>> layers, double startAlone)
    {
        ArgumentNullException.ThrowIfNull(layers);
        double both = 0, one = 0, two = 0;
        var count = 0;
        foreach (var layer in layers.Select(layer => layer.Where(pair => double.IsFinite(pair.Suspect) && double.IsFinite(pair.Reference)).ToArray()).Where(layer => layer.Length > 1))
        {
            var first = layer.Average(pair => pair.Suspect);
            var second = layer.Average(pair => pair.Reference);
            foreach (var (suspect, reference) in layer)
            {
                both += (suspect - first) * (reference - second);
                one += (suspect - first) * (suspect - first);
                two += (reference - second) * (reference - second);
            }

            count += layer.Length;
        }

        if (count < 2 || !(one > 0) || !(two > 0))
        {
            return null;
        }

        var spread = Math.Sqrt(one * two);
        return new RowLengthAgreement(
            both / spread, both / count, startAlone, Deviates * spread / count / Math.Sqrt(count), count);
    }
}
