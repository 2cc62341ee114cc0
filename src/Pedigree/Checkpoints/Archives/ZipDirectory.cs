using System.Buffers.Binary;
using System.Text;

namespace Pedigree.Checkpoints.Archives;

/// <summary>Reads the directory of a zip archive (PKWARE APPNOTE 6.3, sections 4.3 and 4.4, with zip64) and checks it against the entries' own headers, so that
/// no two readers can see different archives in one file.</summary>
internal static class ZipDirectory
{
    private const uint EntrySignature = 0x02014B50;
    private const uint HeaderSignature = 0x04034B50;
    private const int EntryLength = 46;
    private const int HeaderLength = 30;
    private const int Stored = 0;
    private const int Deflated = 8;

    // Encrypted, patched, strongly encrypted, masked headers.
    private const int RefusedFlags = 1 | (1 << 5) | (1 << 6) | (1 << 13);
    private const int LengthsFollowFlag = 1 << 3;
    private const int UnicodeFlag = 1 << 11;

    // Some 100 bytes an entry and two million tensors; a longer directory is none of a checkpoint.
    private const long LongestDirectory = 256L << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a file begins as zip archives do.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    /// <summary>Reads and checks the directory.</summary>
    /// <returns>The entries by name.</returns>
    /// <exception cref="CheckpointException">The archive is damaged, encrypted, empty or contradicts itself.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(ShardFile file)
    {
        var end = ZipEnd.Read(file);
        if (end.Entries == 0)
        {
            throw ZipFault.Empty(file.Path);
        }

        if (end.DirectoryLength > LongestDirectory || end.Entries > end.DirectoryLength / EntryLength)
        {
            throw ZipFault.DirectoryDamaged(file.Path);
        }

        var directory = new byte[end.DirectoryLength];
        file.ReadDirectly(end.DirectoryOffset, directory);
        var entries = new Dictionary<string, ZipEntry>((int)end.Entries, StringComparer.Ordinal);
        var at = 0;
        for (long i = 0; i < end.Entries; i++)
        {
            var entry = ReadEntry(file, directory, ref at, end.DirectoryOffset);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw ZipFault.NameTwice(file.Path, entry.Name);
            }
        }

        if (at != directory.Length)
        {
            throw ZipFault.DirectoryDamaged(file.Path);
        }

        CheckOverlap(file, entries.Values);
        return entries;
    }

    private static ZipEntry ReadEntry(ShardFile file, ReadOnlySpan<byte> directory, ref int at, long dataEnd)
    {
        var record = directory[at..];
        if (record.Length < EntryLength || BinaryPrimitives.ReadUInt32LittleEndian(record) != EntrySignature)
        {
            throw ZipFault.DirectoryDamaged(file.Path);
        }

        int flags = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
        int disk = BinaryPrimitives.ReadUInt16LittleEndian(record[34..]);
        if (record.Length - EntryLength < nameLength + extraLength + commentLength)
        {
            throw ZipFault.DirectoryDamaged(file.Path);
        }

        var rawName = record.Slice(EntryLength, nameLength);
        var name = Name(rawName, flags);
        if ((flags & RefusedFlags) != 0)
        {
            throw ZipFault.Encrypted(file.Path, name);
        }

        if (method is not (Stored or Deflated))
        {
            throw ZipFault.Method(file.Path, name, method);
        }

        // The order of the three lengths is that in which a zip64 field replaces them.
        var lengths = new ZipLengths(
            BinaryPrimitives.ReadUInt32LittleEndian(record[24..]), BinaryPrimitives.ReadUInt32LittleEndian(record[20..]), BinaryPrimitives.ReadUInt32LittleEndian(record[42..]));
        if (!lengths.Widen(record.Slice(EntryLength + nameLength, extraLength)))
        {
            throw ZipFault.DirectoryDamaged(file.Path);
        }

        if (disk is not (0 or ushort.MaxValue))
        {
            throw ZipFault.Split(file.Path);
        }

        at += EntryLength + nameLength + extraLength + commentLength;
        return Locate(file, rawName, new ZipEntry(name, method == Deflated, checksum, lengths.Packed, lengths.Unpacked, lengths.Offset, 0), flags, method, dataEnd);
    }

    // Compares the entry's own header with the directory and finds where its bytes begin.
    private static ZipEntry Locate(ShardFile file, ReadOnlySpan<byte> rawName, ZipEntry entry, int flags, int method, long dataEnd)
    {
        if (entry.HeaderOffset > dataEnd - HeaderLength - rawName.Length)
        {
            throw ZipFault.PastEnd(file.Path, entry.Name);
        }

        var header = new byte[HeaderLength + rawName.Length];
        file.ReadDirectly(entry.HeaderOffset, header);
        int ownFlags = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature
            || (ownFlags & RefusedFlags) != (flags & RefusedFlags)
            || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8)) != method
            || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) != rawName.Length
            || !header.AsSpan(HeaderLength).SequenceEqual(rawName))
        {
            throw ZipFault.HeaderDiffers(file.Path, entry.Name);
        }

        if ((ownFlags & LengthsFollowFlag) == 0 && !LengthsAgree(header, entry))
        {
            throw ZipFault.HeaderDiffers(file.Path, entry.Name);
        }

        var offset = entry.HeaderOffset + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        if (offset > dataEnd || entry.PackedLength > dataEnd - offset)
        {
            throw ZipFault.PastEnd(file.Path, entry.Name);
        }

        return entry.IsDeflated || entry.PackedLength == entry.Length ? entry with { Offset = offset } : throw ZipFault.StoredLength(file.Path, entry.Name);
    }

    // A header whose lengths stand in a zip64 field has all bits set here, and the directory's own are believed.
    private static bool LengthsAgree(ReadOnlySpan<byte> header, ZipEntry entry)
    {
        var packed = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        var unpacked = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        return (packed == uint.MaxValue || packed == entry.PackedLength) && (unpacked == uint.MaxValue || unpacked == entry.Length);
    }

    private static void CheckOverlap(ShardFile file, IEnumerable<ZipEntry> entries)
    {
        ZipEntry? before = null;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (before is not null && entry.HeaderOffset < before.End)
            {
                throw ZipFault.Overlap(file.Path, entry.Name, before.Name);
            }

            before = entry;
        }
    }

    private static string Name(ReadOnlySpan<byte> raw, int flags)
    {
        // Without the flag the name is in an old code page; as a label, one character a byte serves as well. PyTorch sets it always.
        try
        {
            return (flags & UnicodeFlag) != 0 ? Utf8.GetString(raw) : Encoding.Latin1.GetString(raw);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(raw);
        }
    }
}
