using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Agreement of vectors that start at a constant (norm gains, biases), over the layers that both models have in the same size.
/// Every figure pools the layers; with g and h the vectors of the two models, s the start and bars for means over the units of a layer.</summary>
/// <param name="RawCosine">Σ g·h / √(Σ|g|² Σ|h|²). Near 1 for any two models whose gains stay positive; says nothing alone.</param>
/// <param name="ShuffledCosine">Expectation of <paramref name="RawCosine"/> when the units of one side are put in random order, exactly:
/// Σ n ḡ h̄ over the same denominator.</param>
/// <param name="CentredCorrelation">Σ (g-ḡ)·(h-h̄) / √(Σ|g-ḡ|² Σ|h-h̄|²); 0 in expectation when the units are put in random order.</param>
/// <param name="DriftRatio">Σ|(g-s)-(h-s)|² / (Σ|g-s|² + Σ|h-s|²): about 1 when two models left the start in unrelated directions, 0 when they
/// are equal. A drift of the whole layer that the recipe causes lowers it too, so it is to be read against <see cref="ShuffledDriftRatio"/>.</param>
/// <param name="Dimensions">Values compared in each model.</param>
public sealed record NormGainAgreement(
    double? RawCosine, double? ShuffledCosine, double? CentredCorrelation, double? DriftRatio, int Dimensions)
{
    /// <summary>The parts pooled, as a phrase such as <c>AttentionNorm</c> or <c>all norms</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Expectation of <see cref="DriftRatio"/> when the units of one side are put in random order, exactly.</summary>
    public double? ShuffledDriftRatio { get; init; }

    /// <summary>Root mean square distance of the reference's values from their start.</summary>
    public double? ReferenceDrift { get; init; }

    /// <summary>Root mean square distance of the suspect's values from their start.</summary>
    public double? SuspectDrift { get; init; }

    /// <summary>Share of 999 random orders of the units (one order for all vectors of the same length) whose cosine lies below
    /// <see cref="RawCosine"/>, ties counted half; null when nothing varies.</summary>
    public double? Percentile { get; init; }

    /// <summary>The constant that the reference's values were taken to start at.</summary>
    public double ReferenceStart { get; init; }

    /// <summary>The constant that the suspect's values were taken to start at.</summary>
    public double SuspectStart { get; init; }

    /// <summary>Layers compared, or -1 for vectors outside the layers, with the centred correlation of each.</summary>
    public IReadOnlyList<LayerEvidence> PerLayer => [.. Each(layer => layer.CentredCorrelation)];

    /// <summary>The figures of each layer.</summary>
    internal IReadOnlyList<LayerAgreement> Layers { get; init; } = [];

    /// <summary>One figure of every layer as evidence.</summary>
    internal IEnumerable<LayerEvidence> Each(Func<LayerAgreement, double?> figure) =>
        Layers.Select(layer => new LayerEvidence(layer.Layer, layer.Layer, layer.Dimensions, 0, null, figure(layer)));
}

/// <summary>Agreement of the vectors of one layer, as in <see cref="NormGainAgreement"/>.</summary>
/// <param name="Layer">The layer; -1 outside the layers.</param>
/// <param name="Dimensions">Values compared in each model.</param>
/// <param name="RawCosine">Raw cosine.</param>
/// <param name="ShuffledCosine">Its exact expectation in random order.</param>
/// <param name="CentredCorrelation">Centred correlation.</param>
/// <param name="Percentile">Share of random orders below; null when nothing varies or the layer was not among those reordered.</param>
internal sealed record LayerAgreement(int Layer, int Dimensions, double? RawCosine, double? ShuffledCosine, double? CentredCorrelation, double? Percentile);
