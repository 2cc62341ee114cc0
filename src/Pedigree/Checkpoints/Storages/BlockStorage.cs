using System.Buffers;
using System.Runtime.InteropServices;
using Pedigree.Checkpoints.Blocks;

namespace Pedigree.Checkpoints.Storages;

/// <summary>Blocks in a file, read as the 32-bit values that they stand for.</summary>
/// <param name="file">The file; not disposed.</param>
/// <param name="offset">First byte of the first block.</param>
/// <param name="blocks">Number of blocks; checked by the caller to lie inside the file.</param>
/// <param name="encoding">Their kind.</param>
internal sealed class BlockStorage(ShardFile file, long offset, long blocks, BlockEncoding encoding) : Storage
{
    private const int BlocksAtOnce = 512;

    /// <inheritdoc/>
    public override long Length => blocks * encoding.Values * sizeof(float);

    /// <inheritdoc/>
    public override ShardFile File => file;

    /// <inheritdoc/>
    public override long Offset => offset;

    /// <inheritdoc/>
    public override string Packing => encoding.Name;

    /// <inheritdoc/>
    public override long StoredLength => blocks * encoding.Bytes;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination, string tensor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);
        var size = encoding.Values * sizeof(float);
        var raw = ArrayPool<byte>.Shared.Rent(BlocksAtOnce * encoding.Bytes);
        var values = ArrayPool<float>.Shared.Rent(BlocksAtOnce * encoding.Values);
        try
        {
            while (!destination.IsEmpty)
            {
                var first = offset / size;
                var skip = (int)(offset % size);
                var count = (int)Math.Min(BlocksAtOnce, ((long)skip + destination.Length + size - 1) / size);
                var stored = raw.AsSpan(0, count * encoding.Bytes);
                file.Read(Offset + (first * encoding.Bytes), stored, tensor);
                var decoded = values.AsSpan(0, count * encoding.Values);
                encoding.Decode(stored, decoded);
                var part = MemoryMarshal.AsBytes(decoded)[skip..Math.Min(count * size, skip + destination.Length)];
                part.CopyTo(destination);
                offset += part.Length;
                destination = destination[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
