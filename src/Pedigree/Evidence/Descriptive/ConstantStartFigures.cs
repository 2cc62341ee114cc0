using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>All agreements of norm gains and biases of a pair of models, from one reading and one set of random orders each.</summary>
/// <param name="Gains">All norm gains; null without any in common.</param>
/// <param name="LayerGains">Those of the residual stream inside the layers. Gains of queries and keys are left out: they follow the rotary frequencies in every model, so that
/// models which share nothing but a start correlate in them at 0.7.</param>
/// <param name="Biases">All biases.</param>
/// <param name="Kinds">Each kind of norm, then each kind of bias.</param>
internal sealed record ConstantStartFigures(NormGainAgreement? Gains, NormGainAgreement? LayerGains, NormGainAgreement? Biases, IReadOnlyList<NormGainAgreement> Kinds)
{
    /// <summary>Measures.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static ConstantStartFigures Measure(DescribedModel reference, DescribedModel suspect, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(suspect);
        var gains = ConstantStartVectors.Read(reference, suspect, role => role.Part.IsGain());
        var biases = ConstantStartVectors.Read(reference, suspect, role => role.Part == Part.Bias);
        var (gainOrders, biasOrders) = (RandomOrders.Draw(gains, seed, reference.Threads), RandomOrders.Draw(biases, seed, reference.Threads));
        var first = ConstantStartVectors.StartOfGains(reference.Anatomy.Family, gains.Select(pair => pair.Reference));
        var second = ConstantStartVectors.StartOfGains(suspect.Anatomy.Family, gains.Select(pair => pair.Suspect));
        NormGainAgreement? OfGains(string kind, IReadOnlyList<VectorPair> pairs) => ConstantStartAgreement.Of(kind, pairs, first, second, gainOrders);
        NormGainAgreement? OfBiases(string kind, IReadOnlyList<VectorPair> pairs) => ConstantStartAgreement.Of(kind, pairs, 0, 0, biasOrders);
        return new ConstantStartFigures(
            OfGains("all norms", gains),
            OfGains("norms of the layers", [.. gains.Where(pair => pair.Role.Layer >= 0 && pair.Role.Part is not (Part.QueryNorm or Part.KeyNorm))]),
            OfBiases("all biases", biases),
            [.. gains.GroupBy(pair => pair.Role.Part).OrderBy(kind => kind.Key).Select(kind => OfGains(kind.Key.ToString(), [.. kind]))
                .Concat(biases.GroupBy(pair => pair.Role.BiasOf).OrderBy(kind => kind.Key).Select(kind => OfBiases($"{kind.Key} bias", [.. kind])))
                .OfType<NormGainAgreement>()]);
    }
}
