using System.Buffers.Binary;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>The bytes of a pickle, read forwards through a small window. Every length is checked against what is left before it is used.</summary>
internal sealed class PickleInput
{
    private const int LongestLine = 1 << 12;

    private readonly FileWindow window;
    private readonly long end;

    /// <summary>Reads from a file.</summary>
    /// <param name="file">The file; not disposed.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="end">Where to end, inside the file; null for its end.</param>
    public PickleInput(ShardFile file, long position = 0, long? end = null)
    {
        window = new FileWindow(file);
        Position = position;
        this.end = end ?? file.Length;
    }

    /// <summary>Reads from memory.</summary>
    public PickleInput(byte[] content)
    {
        window = new FileWindow(content);
        end = content.Length;
    }

    /// <summary>Position of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public long Left => end - Position;

    /// <summary>The next byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>An unsigned 16-bit number.</summary>
    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>A signed 32-bit number.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>An unsigned 32-bit number.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A signed 64-bit number.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A number that counts bytes which follow.</summary>
    public long Length64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) is var count and <= long.MaxValue ? (long)count : throw Short();

    /// <summary>A big-endian 64-bit float.</summary>
    public double Float() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>The next bytes, valid until the next call.</summary>
    /// <param name="count">How many; any number is checked.</param>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Math.Min(Left, Array.MaxLength))
        {
            throw Short();
        }

        var bytes = window.At(Position, (int)count);
        Position += count;
        return bytes;
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(long count) => Position = count >= 0 && count <= Left ? Position + count : throw Short();

    /// <summary>The bytes before the next line feed, which is passed over too.</summary>
    public ReadOnlySpan<byte> Line()
    {
        var most = (int)Math.Min(LongestLine, Left);
        var length = window.At(Position, most).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw most < LongestLine ? Short() : new PickleFault("has a line longer than any name or number", Position);
        }

        var line = Take(length);
        Position++;
        return line;
    }

    private PickleFault Short() => new("breaks off", Position);
}
