using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>What was measured on one model by itself.</summary>
/// <param name="Vectors">Norm gains and biases, in canonical order.</param>
/// <param name="Tensors">The tensors that were asked for, in the order of the checkpoint.</param>
public sealed record ModelMeasurement(IReadOnlyList<VectorFigures> Vectors, IReadOnlyList<MeasuredTensor> Tensors)
{
    /// <summary>Measures a model. Reads its norm gains and biases, and every value of the tensors to be measured.</summary>
    /// <param name="source">The opened checkpoint.</param>
    /// <param name="anatomy">What its tensors are for.</param>
    /// <param name="options">Which tensors to list and whether to measure them; null to list none.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static ModelMeasurement Of(ITensorSource source, ModelAnatomy anatomy, MeasurementOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(anatomy);
        StoredTensor[] tensors = options is null ? [] : [.. source.Tensors.Where(tensor => NamePattern.Matches(options.Tensors, tensor.Name))];
        var statistics = options is { Statistics: true } ? TensorStatistics.OfAll(source, tensors, options.Threads, cancellation) : new TensorStatistics?[tensors.Length];
        return new ModelMeasurement(VectorFigures.OfAll(source, anatomy), [.. tensors.Select((tensor, i) => new MeasuredTensor(tensor, statistics[i]))]);
    }
}

/// <summary>A tensor that was asked for.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Statistics">One pass over its values; null if not asked for, or not floating-point.</param>
public sealed record MeasuredTensor(StoredTensor Tensor, TensorStatistics? Statistics);
