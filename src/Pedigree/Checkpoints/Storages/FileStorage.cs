namespace Pedigree.Checkpoints.Storages;

/// <summary>A range of a file.</summary>
/// <param name="file">The file; not disposed.</param>
/// <param name="offset">First byte.</param>
/// <param name="length">Bytes; checked by the caller to lie inside the file.</param>
internal sealed class FileStorage(ShardFile file, long offset, long length) : Storage
{
    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override ShardFile File => file;

    /// <inheritdoc/>
    public override long Offset => offset;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination, string tensor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length - destination.Length);
        file.Read(Offset + offset, destination, tensor);
    }
}
