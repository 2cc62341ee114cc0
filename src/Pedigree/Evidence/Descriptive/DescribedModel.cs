using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>A checkpoint together with what is known about its tensors and a reader for them: what every descriptive test starts from.</summary>
/// <param name="Source">The open checkpoint.</param>
/// <param name="Anatomy">The roles of its tensors.</param>
/// <param name="Reader">Reads rows of the views as floats.</param>
public sealed record DescribedModel(ITensorSource Source, ModelAnatomy Anatomy, WeightReader Reader)
{
    /// <summary>Threads that a test may use; the number of processors unless told otherwise.</summary>
    internal int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Its norm gains and biases, as far as they were read.</summary>
    internal VectorCache Vectors { get; init; } = new();

    /// <summary>A described model with a reader of its own.</summary>
    public static DescribedModel Of(ITensorSource source, ModelAnatomy anatomy) => new(source, anatomy, new WeightReader(source));
}
