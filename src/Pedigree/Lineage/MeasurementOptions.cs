namespace Pedigree.Lineage;

/// <summary>Which tensors are listed, and whether they are measured. Immutable.</summary>
public sealed record MeasurementOptions
{
    /// <summary>Names of the tensors to list: <c>*</c> stands for any letters, <c>?</c> for one. All by default.</summary>
    public string Tensors { get; init; } = "*";

    /// <summary>Whether every value of those tensors is read for statistics.</summary>
    public bool Statistics { get; init; }

    /// <summary>Threads that may work at once; the number of processors by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
