using Pedigree.Checkpoints.Archives;

namespace Pedigree.Checkpoints.Storages;

/// <summary>The bytes of a packed archive entry after its first ones, unpacked as a whole when they are first asked for.</summary>
/// <param name="file">The archive.</param>
/// <param name="entry">The packed entry.</param>
/// <param name="skipped">Bytes at its beginning that are not part of the storage.</param>
/// <param name="limit">Most bytes that the entry may unpack to.</param>
internal sealed class PackedStorage(ShardFile file, ZipEntry entry, int skipped, long limit) : Storage
{
    private readonly Lock gate = new();

    // Unpacking cannot start in the middle. Held weakly, so that a large archive does not stay in memory after it has been read.
    private WeakReference<byte[]>? unpacked;

    /// <inheritdoc/>
    public override long Length => entry.Length - skipped;

    /// <inheritdoc/>
    public override ShardFile File => file;

    /// <inheritdoc/>
    public override long Offset => entry.Offset;

    /// <inheritdoc/>
    public override long StoredLength => entry.PackedLength;

    /// <inheritdoc/>
    public override string Packing => "deflate";

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination, string tensor) =>
        Content().AsSpan(checked((int)(skipped + offset)), destination.Length).CopyTo(destination);

    private byte[] Content()
    {
        lock (gate)
        {
            if (unpacked is null || !unpacked.TryGetTarget(out var content))
            {
                content = ZipUnpacker.Read(file, entry, limit);
                unpacked = new WeakReference<byte[]>(content);
            }

            return content;
        }
    }
}
