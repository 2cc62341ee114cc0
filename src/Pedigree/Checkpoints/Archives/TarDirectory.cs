using System.Globalization;
using System.Text;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Archives;

/// <summary>Reads the headers of a tar archive (POSIX.1-1988, ustar): one before each entry, in blocks of 512 bytes.</summary>
internal static class TarDirectory
{
    private const int BlockLength = 512;
    private const int MostEntries = 1000;

    /// <summary>Whether a file begins as tar archives do.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start.Length >= BlockLength && start.Slice(257, 5).SequenceEqual("ustar"u8);

    /// <summary>The plain files in the archive, by name: first byte and length.</summary>
    /// <exception cref="CheckpointException">The archive is damaged or has two files of one name.</exception>
    public static IReadOnlyDictionary<string, (long Start, long Length)> Read(ShardFile file)
    {
        var entries = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        var header = new byte[BlockLength];
        long position = 0;
        for (var count = 0; position <= file.Length - BlockLength; count++)
        {
            file.ReadDirectly(position, header);
            if (header[0] == 0)
            {
                // The archive ends with empty blocks.
                break;
            }

            if (count == MostEntries || !ChecksumFits(header) || Octal(header.AsSpan(124, 12)) is not { } length || length > file.Length - position - BlockLength)
            {
                throw Damaged(file.Path, position);
            }

            position += BlockLength;
            if (header[156] is 0 or (byte)'0' && !entries.TryAdd(Encoding.Latin1.GetString(header.AsSpan(0, 100)).TrimEnd('\0'), (position, length)))
            {
                throw Damaged(file.Path, position);
            }

            position += (length + BlockLength - 1) / BlockLength * BlockLength;
        }

        return entries;
    }

    private static bool ChecksumFits(ReadOnlySpan<byte> header)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return Octal(header.Slice(148, 8)) == sum;
    }

    private static long? Octal(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (var digit in digits.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }

    private static CheckpointException Damaged(string file, long position) => new(
        $"The tar archive {OfPath(file)} is damaged near byte {position.ToString(CultureInfo.InvariantCulture)}.", file, hint: "Download the file again and compare its size with the one its publisher states.");
}
