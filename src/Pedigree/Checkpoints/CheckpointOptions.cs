namespace Pedigree.Checkpoints;

/// <summary>How the bytes of tensors are fetched.</summary>
public enum ReadMode
{
    /// <summary>A memory map, or plain reads where the system refuses to map the file.</summary>
    Auto,

    /// <summary>A memory map, or an error. A file that another program shortens in the middle of a read ends this process; <see cref="Stream"/> turns that into an error.</summary>
    MemoryMap,

    /// <summary>Plain reads at a position of the file. Prefer it on network drives.</summary>
    Stream,
}

/// <summary>Choices for opening a checkpoint.</summary>
public sealed record CheckpointOptions
{
    /// <summary>How the bytes of tensors are fetched.</summary>
    public ReadMode ReadMode { get; init; } = ReadMode.Auto;

    /// <summary>For a low-rank adapter, the path of the model that it was made for: its tensors are then those of that model with the adapter added. Without it, an
    /// adapter's tensors are the products of its factors, which are no weights by themselves. No path that the adapter itself names is followed.</summary>
    public string? AdapterBase { get; init; }
}
