using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Pedigree.Checkpoints.Numpy;

/// <summary>The header of a NumPy array (numpy.lib.format, versions 1 to 3): a magic, a length, and a Python dictionary as text.</summary>
/// <param name="Descriptor">Byte order, kind and size of an element, such as <c>&lt;f4</c>; null if it is none of that form.</param>
/// <param name="IsColumnMajor">Whether the first index varies fastest.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Length">Bytes before the data.</param>
internal sealed record NumpyHeader(string? Descriptor, bool IsColumnMajor, ImmutableArray<long> Shape, int Length)
{
    /// <summary>Most bytes that a header is read of; NumPy itself refuses longer ones than 10,000 characters.</summary>
    public const int Longest = 12 + 10_000;

    private const int MagicLength = 6;

    /// <summary>Whether bytes begin as an array does.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..];

    /// <summary>Reads a header.</summary>
    /// <param name="start">The first bytes of the array, at least <see cref="Longest"/> or all.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="entry">The archive entry, or null.</param>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    public static NumpyHeader Read(ReadOnlySpan<byte> start, string file, string? entry)
    {
        if (!Begins(start) || start.Length < MagicLength + 4)
        {
            throw NumpyFault.NoMagic(file, entry);
        }

        int version = start[MagicLength];
        if (version is 0 or > 3)
        {
            throw NumpyFault.Version(file, entry, version);
        }

        var begin = MagicLength + (version == 1 ? 4 : 6);
        if (start.Length < begin)
        {
            throw NumpyFault.Header(file, entry);
        }

        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > start.Length - begin)
        {
            throw NumpyFault.Header(file, entry);
        }

        var text = Encoding.UTF8.GetString(start.Slice(begin, (int)length));
        return new NumpyDictionary(text).Read() is var (descriptor, isColumnMajor, shape)
            ? new NumpyHeader(descriptor, isColumnMajor, shape, begin + (int)length)
            : throw NumpyFault.Header(file, entry);
    }
}
