using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Whether two models that share an order also share training, or only the random start.</summary>
/// <remarks>
/// Rows of two models agree by what they kept of a common start or by what was trained before they parted. Norm gains start at a constant, so of the
/// common start they show nothing: centred, they correlate 0 when only the start is shared, and about as much as the rows do when training is. The correlation
/// r is compared with the mean row cosine c of the hits: shared training is shown when r is nearer to c than to 0, and beyond chance (r·√(n-1) above the normal
/// deviate of 1e-6). Lengths of corresponding neurons tell the same where gains were folded away or cannot be compared (<see cref="RowLengthAgreement"/>).
/// </remarks>
/// <param name="SharedTraining">Shared training is shown.</param>
/// <param name="SameRunExcluded">Trained values are equal bit for bit, which two separate runs from one seed do not give.</param>
/// <param name="Text">What was measured, as a phrase.</param>
internal sealed record StartAgreement(bool SharedTraining, bool SameRunExcluded, string Text)
{
    /// <summary>Shared training would have been seen and was not: what is shared is the start.</summary>
    public bool TrainedApart { get; init; }

    /// <summary>Judges from vectors that start at a constant and from bit-equal values.</summary>
    /// <param name="gains">Agreement of norm gains; null if there are none.</param>
    /// <param name="rowCosine">Mean row cosine of hits; null without a positive test.</param>
    /// <param name="components">Agreement of the components.</param>
    /// <param name="lengths">Agreement of the lengths of corresponding neurons; null if there are none.</param>
    /// <param name="heads">Agreement of heads; null if they are not known.</param>
    public static StartAgreement Of(NormGainAgreement? gains, double? rowCosine, IReadOnlyList<ComponentAgreement> components, RowLengthAgreement? lengths, TwoViewHeads? heads = null)
    {
        // Norms and biases may rest at their start in both models, so only matrices tell.
        var matrices = components.Where(component => component.Component is "attention" or "mlp" or "embedding" or "unembedding").ToArray();
        var excluded = matrices.Length > 0 && matrices.Max(component => component.BitEqualShare ?? 0) > 0.5;
        // Rows of tokens that neither model ever saw rest at their start, too: where neurons correspond, equal embeddings say nothing that their lengths do not.
        var apart = lengths is { TrainedApart: true };
        var trained = excluded && (lengths is null || matrices.Any(component => component.Component is "attention" or "mlp" && component.BitEqualShare > 0.5));
        if (lengths is { SharedTraining: true })
        {
            return new StartAgreement(
                true, excluded, lengths.ByLength
                    ? string.Create(CultureInfo.InvariantCulture, $"lengths of {lengths.Neurons:N0} corresponding neurons correlate {lengths.Correlation:0.00}, more than a common start can give")
                    : string.Create(CultureInfo.InvariantCulture, $"of {lengths.Neurons:N0} corresponding neurons, lengths of one projection correlate {lengths.CrossCorrelation:0.00} with those of the others across the two models, which a common start does not give"));
        }

        if (heads is { Convicts: true, SharedTraining: true })
        {
            return new StartAgreement(
                true, excluded, string.Create(CultureInfo.InvariantCulture,
                    $"of {heads.Starts.Count:N0} corresponding heads, {heads.Starts.Count(head => head.QueryKey > head.QueryKeyCeiling || head.ValueOutput > head.ValueOutputCeiling):N0} are closer than two heads that kept all they could of one random start"));
        }

        if (gains?.CentredCorrelation is not { } correlation || rowCosine is not { } cosine)
        {
            return new StartAgreement(
                trained, trained, lengths is null ? "the norm gains of both models do not vary or differ in size"
                    : string.Create(CultureInfo.InvariantCulture, $"lengths of {lengths.Neurons:N0} corresponding neurons correlate {lengths.Correlation:0.00}{(apart ? ", less than shared training gives" : "")}"))
            {
                TrainedApart = apart,
            };
        }

        var shared = correlation > cosine / 2 && correlation * Math.Sqrt(gains.Dimensions - 1.0) > ReorderingCeiling.Deviates;
        return new StartAgreement(
            trained || shared, trained || (excluded && shared),
            string.Create(CultureInfo.InvariantCulture, $"centred norm gains correlate {correlation:0.00} where the rows agree at {cosine:0.00}"))
        {
            TrainedApart = apart || correlation <= cosine / 2,
        };
    }
}
