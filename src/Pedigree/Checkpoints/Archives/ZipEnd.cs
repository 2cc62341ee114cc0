using System.Buffers.Binary;

namespace Pedigree.Checkpoints.Archives;

/// <summary>What the end of a zip archive says about its directory (APPNOTE 4.3.14 to 4.3.16).</summary>
/// <param name="Entries">Number of entries.</param>
/// <param name="DirectoryOffset">Position of the directory.</param>
/// <param name="DirectoryLength">Bytes of the directory, all inside the file.</param>
internal readonly record struct ZipEnd(long Entries, long DirectoryOffset, long DirectoryLength)
{
    private const uint EndSignature = 0x06054B50;
    private const uint WideSignature = 0x06064B50;
    private const uint LocatorSignature = 0x07064B50;
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int WideLength = 56;
    private const int LongestComment = ushort.MaxValue;

    /// <summary>Finds and reads the end records.</summary>
    /// <exception cref="CheckpointException">There is none, or they contradict the file.</exception>
    public static ZipEnd Read(ShardFile file)
    {
        var tail = new byte[Math.Min(file.Length, EndLength + LongestComment)];
        file.ReadDirectly(file.Length - tail.Length, tail);
        var at = Find(tail);
        if (at < 0)
        {
            throw ZipFault.NoDirectory(file.Path);
        }

        var record = tail.AsSpan(at);
        var start = file.Length - tail.Length + at;
        if (BinaryPrimitives.ReadUInt16LittleEndian(record[4..]) is not (0 or ushort.MaxValue)
            || BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) != BinaryPrimitives.ReadUInt16LittleEndian(record[10..]))
        {
            throw ZipFault.Split(file.Path);
        }

        var end = new ZipEnd(
            BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]));
        if (ReadWide(file, start) is var (wide, wideStart))
        {
            // PyTorch writes the wide record always; where the narrow one does not say "see there", both must agree.
            var agree = (end.Entries is ushort.MaxValue || end.Entries == wide.Entries)
                && (end.DirectoryOffset is uint.MaxValue || end.DirectoryOffset == wide.DirectoryOffset)
                && (end.DirectoryLength is uint.MaxValue || end.DirectoryLength == wide.DirectoryLength);
            (end, start) = agree ? (wide, wideStart) : throw ZipFault.DirectoryMisplaced(file.Path);
        }

        // The directory must end where its end record begins; a gap could hide another directory.
        return end.DirectoryOffset <= start && end.DirectoryLength == start - end.DirectoryOffset ? end : throw ZipFault.DirectoryMisplaced(file.Path);
    }

    // The last record whose comment ends with the file; a record inside a comment does not.
    private static int Find(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length - at - EndLength)
            {
                return at;
            }
        }

        return -1;
    }

    private static (ZipEnd End, long Start)? ReadWide(ShardFile file, long end)
    {
        if (end < LocatorLength + WideLength)
        {
            return null;
        }

        Span<byte> locator = stackalloc byte[LocatorLength];
        file.ReadDirectly(end - LocatorLength, locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            return null;
        }

        var start = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (start < 0 || start > end - LocatorLength - WideLength)
        {
            throw ZipFault.DirectoryMisplaced(file.Path);
        }

        Span<byte> wide = stackalloc byte[WideLength];
        file.ReadDirectly(start, wide);
        var entries = BinaryPrimitives.ReadInt64LittleEndian(wide[32..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(wide[40..]);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(wide[48..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(wide) == WideSignature && entries >= 0 && length >= 0 && offset >= 0
            ? (new ZipEnd(entries, offset, length), start)
            : throw ZipFault.DirectoryMisplaced(file.Path);
    }
}
