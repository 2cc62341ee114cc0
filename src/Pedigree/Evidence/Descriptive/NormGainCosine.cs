using System.Globalization;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Agreement of norm gains and biases, printed with what shuffled units reach. Gains start at 1 and stay positive, so the raw cosine of any
/// two models is high; the Solar and GLM affair of January 2026 rested on that mistake.</summary>
public static class NormGainCosine
{
    /// <summary>Random orders of the units behind each percentile.</summary>
    public const int Relabellings = 999;

    /// <summary>Agreement of all norm gains together; null when the models have none of equal role and length.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static NormGainAgreement? MeasureGains(DescribedModel reference, DescribedModel suspect, ulong seed) => ConstantStartFigures.Measure(reference, suspect, seed).Gains;

    /// <summary>Agreement of the norm gains inside the layers, without the final norm: that one follows the frequencies of tokens, which unrelated models
    /// from one start share, and its large spread would outweigh the layers. Null when the models have none of equal role and length.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static NormGainAgreement? MeasureLayerGains(DescribedModel reference, DescribedModel suspect, ulong seed) =>
        ConstantStartFigures.Measure(reference, suspect, seed).LayerGains;

    /// <summary>Agreement of all biases together, those of norms among them; null when the models have none of equal role and length.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static NormGainAgreement? MeasureBiases(DescribedModel reference, DescribedModel suspect, ulong seed) =>
        ConstantStartFigures.Measure(reference, suspect, seed).Biases;

    /// <summary>Agreement of each kind of norm and each kind of bias.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static IReadOnlyList<NormGainAgreement> MeasureKinds(DescribedModel reference, DescribedModel suspect, ulong seed) =>
        ConstantStartFigures.Measure(reference, suspect, seed).Kinds;

    /// <summary>The evidence items: cosine, correlation, drift and layers above random orders of all gains and of all biases, then of each kind.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="seed">Seed of the random orders.</param>
    public static IReadOnlyList<EvidenceItem> Evaluate(DescribedModel reference, DescribedModel suspect, ulong seed) =>
        Items(ConstantStartFigures.Measure(reference, suspect, seed));

    /// <summary>The evidence items of figures that are measured already.</summary>
    internal static IReadOnlyList<EvidenceItem> Items(ConstantStartFigures figures) =>
    [
        .. new[] { figures.Gains, figures.Biases }.OfType<NormGainAgreement>().SelectMany(pooled => new[] { Cosine(pooled), Correlation(pooled), Drift(pooled), AboveRandomOrders(pooled) }),
        .. figures.Kinds.SelectMany(kind => new[] { Cosine(kind), Shuffled(kind), Correlation(kind), AboveRandomOrders(kind) }),
    ];

    private static EvidenceItem Cosine(NormGainAgreement agreement) => new()
    {
        Test = "constant-start-cosine",
        Tier = Tier.Descriptive,
        Statistic = agreement.RawCosine,
        StatisticName = $"raw cosine of {agreement.Kind}",
        Null = "the units of one side in random order; expectation exact, percentile of 999 orders; "
            + "unrelated large models were accused at 0.95 to 0.99 (Solar and GLM, January 2026)",
        NullExpectation = agreement.ShuffledCosine,
        NullPercentile = agreement.Percentile,
        PerLayer = [.. agreement.Each(layer => layer.RawCosine)],
        Note = string.Create(CultureInfo.InvariantCulture,
            $"{agreement.Dimensions} values a model; centred correlation {Text(agreement.CentredCorrelation)}, drift ratio {Text(agreement.DriftRatio)} (shuffled {Text(agreement.ShuffledDriftRatio)})."),
    };

    private static EvidenceItem Shuffled(NormGainAgreement agreement) => new()
    {
        Test = "constant-start-shuffled",
        Tier = Tier.Descriptive,
        Statistic = agreement.ShuffledCosine,
        StatisticName = $"cosine of {agreement.Kind} in random order",
        Null = "this is the null of the raw cosine: its exact expectation over all orders of the units of one side",
        NullExpectation = agreement.ShuffledCosine,
        PerLayer = [.. agreement.Each(layer => layer.ShuffledCosine)],
    };

    // 1 in 20 by chance, by the definition of a percentile; layers that share units are reordered together, so it is no count of independent trials.
    private static EvidenceItem AboveRandomOrders(NormGainAgreement agreement)
    {
        var known = agreement.Layers.Where(layer => layer.Percentile is not null).ToArray();
        return new EvidenceItem
        {
            Test = "constant-start-layers",
            Tier = Tier.Descriptive,
            Statistic = known.Length == 0 ? null : (double)known.Count(layer => layer.Percentile > 0.95) / known.Length,
            StatisticName = $"share of layers whose {agreement.Kind} agree more than in 95 % of random orders",
            Null = "the units of one side in random order; a twentieth of the layers by definition",
            NullExpectation = known.Length == 0 ? null : 0.05,
            PerLayer = [.. agreement.Each(layer => layer.Percentile)],
            Note = known.Length == 0 ? "Not computed: nothing varies." : "By layer: share of 999 orders below.",
        };
    }

    private static EvidenceItem Correlation(NormGainAgreement agreement) => new()
    {
        Test = "constant-start-correlation",
        Tier = Tier.Descriptive,
        Statistic = agreement.CentredCorrelation,
        StatisticName = $"correlation of {agreement.Kind}, each layer centred",
        Null = "the units of one side in random order; 0 in expectation; 96 independent pairs of small GPTs gave -0.15 to 0.09, "
            + "24 dependent ones 0.20 to 1.0 (our own measurement)",
        NullExpectation = agreement.CentredCorrelation is null ? null : 0,
        NullPercentile = agreement.Percentile,
        PerLayer = agreement.PerLayer,
    };

    private static EvidenceItem Drift(NormGainAgreement agreement) => new()
    {
        Test = "constant-start-drift",
        Tier = Tier.Descriptive,
        Statistic = agreement.DriftRatio,
        StatisticName = $"drift ratio of {agreement.Kind}: 1 for unrelated directions, 0 for equal values",
        Null = "the units of one side in random order; expectation exact, below 1 because the recipe moves whole layers alike",
        NullExpectation = agreement.ShuffledDriftRatio,
        NullPercentile = agreement.Percentile is { } percentile ? 1 - percentile : null,
        Note = string.Create(CultureInfo.InvariantCulture,
            $"Taken to start at {agreement.ReferenceStart} (reference) and {agreement.SuspectStart} (suspect); root mean square drift {Text(agreement.ReferenceDrift)} and {Text(agreement.SuspectDrift)}."),
    };

    private static string Text(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "not computable";
}
