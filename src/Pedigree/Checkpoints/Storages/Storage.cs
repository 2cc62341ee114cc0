namespace Pedigree.Checkpoints.Storages;

/// <summary>A run of bytes that tensors are laid over: a range of a file, a packed entry of an archive, or a few bytes in memory.</summary>
internal abstract class Storage
{
    /// <summary>Bytes that can be read.</summary>
    public abstract long Length { get; }

    /// <summary>The file that holds it.</summary>
    public abstract ShardFile File { get; }

    /// <summary>Position of its first byte in the file, or of what stands for it there.</summary>
    public abstract long Offset { get; }

    /// <summary>Bytes that it takes in the file.</summary>
    public virtual long StoredLength => Length;

    /// <summary>How the bytes are packed, or null if they lie in the file as they are.</summary>
    public virtual string? Packing => null;

    /// <summary>Copies bytes.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Receives exactly its length of bytes, all inside the storage.</param>
    /// <param name="tensor">The tensor concerned, for messages.</param>
    /// <exception cref="CheckpointException">The file changed or cannot be read.</exception>
    public abstract void Read(long offset, Span<byte> destination, string tensor);
}
