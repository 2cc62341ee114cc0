namespace Pedigree.Lineage;

/// <summary>What is measured on a model beside its norm gains and biases. Immutable; by default nothing.</summary>
public sealed record MeasurementOptions
{
    /// <summary>Names of the tensors to list and measure: <c>*</c> stands for any letters, <c>?</c> for one. All by default.</summary>
    public string Tensors { get; init; } = "*";

    /// <summary>Whether those tensors are listed, one by one and folded.</summary>
    public bool Listed { get; init; }

    /// <summary>Whether every value of those tensors is read for statistics; lists them too.</summary>
    public bool Statistics { get; init; }

    /// <summary>Whether figures of each layer are collected.</summary>
    public bool Layers { get; init; }

    /// <summary>Threads that may work at once, at least 1; the number of processors by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
