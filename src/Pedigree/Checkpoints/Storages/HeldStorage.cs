namespace Pedigree.Checkpoints.Storages;

/// <summary>Bytes that were decoded when the file was opened, no more than the file backs.</summary>
/// <param name="file">The file that they come from.</param>
/// <param name="offset">Where it holds what they were decoded from.</param>
/// <param name="content">The bytes.</param>
/// <param name="packing">How the file holds them.</param>
internal sealed class HeldStorage(ShardFile file, long offset, byte[] content, string packing) : Storage
{
    /// <inheritdoc/>
    public override long Length => content.Length;

    /// <inheritdoc/>
    public override ShardFile File => file;

    /// <inheritdoc/>
    public override long Offset => offset;

    /// <inheritdoc/>
    public override string Packing => packing;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination, string tensor) => content.AsSpan(checked((int)offset), destination.Length).CopyTo(destination);
}
