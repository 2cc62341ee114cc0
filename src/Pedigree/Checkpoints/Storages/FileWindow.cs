namespace Pedigree.Checkpoints.Storages;

/// <summary>Bytes of a file, fetched in pieces for a parser that reads forwards.</summary>
internal sealed class FileWindow
{
    private const int UsualLength = 1 << 16;

    private readonly ShardFile? file;
    private readonly long length;
    private byte[] window = [];
    private long start;
    private int filled;

    /// <summary>A window on a file.</summary>
    /// <param name="file">The file; not disposed.</param>
    public FileWindow(ShardFile file)
    {
        this.file = file;
        length = file.Length;
    }

    /// <summary>A window on bytes in memory.</summary>
    public FileWindow(byte[] content)
    {
        window = content;
        filled = content.Length;
        length = content.Length;
    }

    /// <summary>Bytes in all.</summary>
    public long Length => length;

    /// <summary>Bytes at a position, valid until the next call.</summary>
    /// <param name="position">The first byte.</param>
    /// <param name="count">How many; checked by the caller to end inside the file.</param>
    /// <exception cref="CheckpointException">The file can no longer be read there.</exception>
    public ReadOnlySpan<byte> At(long position, int count)
    {
        if (position < start || position + count > start + filled)
        {
            if (window.Length < count || window.Length == 0)
            {
                window = new byte[Math.Max(count, (int)Math.Min(UsualLength, length - position))];
            }

            start = position;
            filled = (int)Math.Min(window.Length, length - position);
            file!.ReadDirectly(start, window.AsSpan(0, filled));
        }

        return window.AsSpan((int)(position - start), count);
    }
}
