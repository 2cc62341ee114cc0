using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>What was measured on one model by itself.</summary>
/// <param name="Vectors">Norm gains and biases, in canonical order.</param>
/// <param name="Tensors">The tensors that were asked for, in the order of the checkpoint.</param>
public sealed record ModelMeasurement(IReadOnlyList<VectorFigures> Vectors, IReadOnlyList<MeasuredTensor> Tensors)
{
    /// <summary>The vectors of one kind in all layers together, in canonical order.</summary>
    public IReadOnlyList<VectorSummary> VectorKinds { get; init; } = [];

    /// <summary>The tensors that were asked for, those of equal layers and experts together.</summary>
    public IReadOnlyList<FoldedTensor> Folded { get; init; } = [];

    /// <summary>Figures of each layer; empty if they were not asked for.</summary>
    public IReadOnlyList<LayerFigures> Layers { get; init; } = [];

    /// <summary>What a reader should know about the values that were read.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Measures a model. Reads its norm gains and biases, and every value of the tensors to be measured.</summary>
    /// <param name="source">The opened checkpoint.</param>
    /// <param name="anatomy">What its tensors are for.</param>
    /// <param name="options">What else to measure; null for nothing.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static ModelMeasurement Of(ITensorSource source, ModelAnatomy anatomy, MeasurementOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(anatomy);
        options ??= new MeasurementOptions();
        StoredTensor[] tensors = options.Listed || options.Statistics ? [.. source.Tensors.Where(tensor => NamePattern.Matches(options.Tensors, tensor.Name))] : [];
        var statistics = options.Statistics ? TensorStatistics.OfAll(source, tensors, options.Threads, cancellation) : new TensorStatistics?[tensors.Length];
        MeasuredTensor[] measured = [.. tensors.Select((tensor, i) => new MeasuredTensor(tensor, statistics[i]))];
        var vectors = VectorFigures.OfAll(source, anatomy);
        return new ModelMeasurement(vectors, measured)
        {
            VectorKinds = VectorSummary.OfAll(vectors),
            Folded = TensorFolding.Of(measured, TensorPurposes.Of(anatomy)),
            Layers = options.Layers ? LayerFigures.OfAll(anatomy, vectors, measured) : [],
            Findings = MeasurementFindings.Of(measured),
        };
    }
}

/// <summary>A tensor that was asked for.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Statistics">One pass over its values; null if not asked for, for an empty tensor and for one that holds whole numbers.</param>
public sealed record MeasuredTensor(StoredTensor Tensor, TensorStatistics? Statistics);
