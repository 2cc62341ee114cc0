using System.IO.Compression;

namespace Pedigree.Checkpoints.Archives;

/// <summary>Reads whole entries of a zip archive into memory, within limits that are asked before anything is allocated.</summary>
internal static class ZipUnpacker
{
    // Deflate cannot pack tighter than 1,032 to 1 (zlib technical notes); what claims to is damaged or a trap.
    private const long TightestPacking = 1032;

    /// <summary>Reads an entry and checks its checksum.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="limit">Most bytes that it may unpack to.</param>
    /// <param name="checksumMayBeAbsent">Whether a stated checksum of zero means that none was computed, as PyTorch writes when told to.</param>
    /// <exception cref="CheckpointException">It is larger, does not unpack to what is announced, or has another checksum.</exception>
    public static byte[] Read(ShardFile file, ZipEntry entry, long limit, bool checksumMayBeAbsent = false)
    {
        if (entry.Length > Math.Min(limit, Array.MaxLength))
        {
            throw ZipFault.TooLarge(file.Path, entry.Name, entry.Length, limit);
        }

        if (entry.IsDeflated && entry.Length > TightestPacking * (entry.PackedLength + 1))
        {
            throw ZipFault.Unpacking(file.Path, entry.Name);
        }

        var content = new byte[entry.Length];
        if (!entry.IsDeflated)
        {
            file.ReadDirectly(entry.Offset, content);
        }
        else if (!Inflate(file, entry, content))
        {
            throw ZipFault.Unpacking(file.Path, entry.Name);
        }

        return Crc32.Of(content) == entry.Checksum || (checksumMayBeAbsent && entry.Checksum == 0) ? content : throw ZipFault.Checksum(file.Path, entry.Name);
    }

    /// <summary>Unpacks the first bytes of an entry, without looking at its checksum.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="destination">Receives the bytes; no longer than the entry.</param>
    /// <exception cref="CheckpointException">The entry does not unpack to that many bytes.</exception>
    public static void ReadStart(ShardFile file, ZipEntry entry, Span<byte> destination)
    {
        if (!entry.IsDeflated)
        {
            file.ReadDirectly(entry.Offset, destination);
            return;
        }

        try
        {
            using var stream = Open(file, entry);
            stream.ReadExactly(destination);
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw ZipFault.Unpacking(file.Path, entry.Name);
        }
    }

    private static bool Inflate(ShardFile file, ZipEntry entry, byte[] content)
    {
        try
        {
            using var stream = Open(file, entry);
            stream.ReadExactly(content);
            return stream.ReadByte() < 0;
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    private static DeflateStream Open(ShardFile file, ZipEntry entry) => new(new FileRangeStream(file, entry.Offset, entry.PackedLength), CompressionMode.Decompress);
}
