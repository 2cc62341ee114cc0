using System.Buffers.Binary;
using System.Text;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Walks through the header of a GGUF file from its beginning. Every length is checked against the bytes that are left before anything is read or allocated.</summary>
/// <param name="file">The open file.</param>
internal sealed class GgufCursor(ShardFile file)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] buffer = new byte[(int)Math.Min(1 << 16, file.Length)];
    private long bufferStart;
    private int buffered;

    /// <summary>The file, for messages.</summary>
    public string File => file.Path;

    /// <summary>Position of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes between the position and the end of the file.</summary>
    public long Left => file.Length - Position;

    /// <summary>Whether numbers are big-endian.</summary>
    public bool BigEndian { get; set; }

    /// <summary>Whether counts and lengths have 32 bits, as in version 1.</summary>
    public bool NarrowCounts { get; set; }

    /// <summary>Bytes of a count or length.</summary>
    public int CountBytes => NarrowCounts ? 4 : 8;

    /// <summary>Reads an unsigned number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Number(int bytes, string what)
    {
        var source = Take(bytes, what);
        return (bytes, BigEndian) switch
        {
            (1, _) => source[0],
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(source),
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(source),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(source),
            (4, true) => BinaryPrimitives.ReadUInt32BigEndian(source),
            (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(source),
            (_, true) => BinaryPrimitives.ReadUInt64BigEndian(source),
        };
    }

    /// <summary>Reads an unsigned number of 32 bits.</summary>
    public uint Word(string what) => (uint)Number(4, what);

    /// <summary>Reads a count of things that take at least <paramref name="least"/> bytes each; at most <paramref name="most"/>.</summary>
    public int Count(string what, int least, int most)
    {
        var claimed = Number(CountBytes, $"the number of {what}");
        var limit = Math.Min(most, Left / least);
        return claimed <= (ulong)limit ? (int)claimed : throw GgufFault.TooMany(File, what, claimed, limit);
    }

    /// <summary>Reads text with its length before it; at most <paramref name="most"/> bytes.</summary>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="most">Greatest length in bytes.</param>
    /// <param name="lenient">Whether bytes that are not valid UTF-8 become U+FFFD.</param>
    public string Text(string what, int most, bool lenient = false)
    {
        var length = Length(what, most);
        if (length == 0)
        {
            return "";
        }

        var bytes = length <= buffer.Length ? Take(length, what) : TakeLong(length);
        try
        {
            return (lenient ? Encoding.UTF8 : Strict).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw GgufFault.TextNotUnicode(File, what);
        }
    }

    /// <summary>Passes over text.</summary>
    public void SkipText(string what) => Skip(Length(what, int.MaxValue));

    /// <summary>Passes over bytes, which must be there.</summary>
    public void Skip(long bytes) => Position += bytes <= Left ? bytes : throw GgufFault.PastEnd(File, Position, "a value");

    private int Length(string what, int most)
    {
        var claimed = Number(CountBytes, $"the length of {what}");
        var limit = Math.Min(most, Left);
        return claimed <= (ulong)limit ? (int)claimed : throw GgufFault.TooLong(File, what, claimed, limit);
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Left)
        {
            throw GgufFault.PastEnd(File, Position, what);
        }

        if (Position < bufferStart || Position + count > bufferStart + buffered)
        {
            bufferStart = Position;
            buffered = (int)Math.Min(buffer.Length, Left);
            file.ReadDirectly(Position, buffer.AsSpan(0, buffered));
        }

        var taken = buffer.AsSpan((int)(Position - bufferStart), count);
        Position += count;
        return taken;
    }

    private byte[] TakeLong(int count)
    {
        var taken = new byte[count];
        file.ReadDirectly(Position, taken);
        Position += count;
        return taken;
    }
}
