using System.Buffers.Binary;
using System.Text;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>Reads the wire format of Protocol Buffers (protobuf.dev, "Encoding") field by field. Long fields are passed over, not loaded.</summary>
/// <param name="window">The file.</param>
/// <param name="file">Its path, for messages.</param>
internal sealed class WireInput(FileWindow window, string file)
{
    private const int LongestNumber = 10;
    private const int LongestText = 1 << 16;

    /// <summary>How a field's value is written.</summary>
    public enum Kind
    {
        /// <summary>A number of one to ten bytes.</summary>
        Variable = 0,
        /// <summary>Eight bytes.</summary>
        Eight = 1,
        /// <summary>A length, then that many bytes: a text, a message or packed numbers.</summary>
        Run = 2,
        /// <summary>Four bytes.</summary>
        Four = 5,
    }

    /// <summary>Position of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Position after the last byte of the file.</summary>
    public long Length => window.Length;

    /// <summary>Reads the number and kind of the next field.</summary>
    /// <param name="end">Position after the message.</param>
    public (long Number, Kind Kind) Field(long end)
    {
        var tag = Variable(end);
        return (tag & 7) is 0 or 1 or 2 or 5 && tag >> 3 is > 0 and var number ? ((long)number, (Kind)(tag & 7)) : throw OnnxFault.Damaged(file, Position);
    }

    /// <summary>Reads a variable-length number.</summary>
    public ulong Variable(long end)
    {
        var bytes = window.At(Position, (int)Math.Min(LongestNumber, Math.Max(0, end - Position)));
        ulong value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            value |= i < LongestNumber - 1 ? (ulong)(bytes[i] & 0x7F) << (7 * i) : (ulong)(bytes[i] & 1) << 63;
            if ((bytes[i] & 0x80) == 0)
            {
                Position += i + 1;
                return value;
            }
        }

        throw OnnxFault.Damaged(file, Position);
    }

    /// <summary>Reads four bytes.</summary>
    public uint Four(long end) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, end));

    /// <summary>Reads eight bytes.</summary>
    public ulong Eight(long end) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, end));

    /// <summary>Reads the length of a run; returns the position after it.</summary>
    public long RunEnd(long end)
    {
        var length = Variable(end);
        return length <= (ulong)(end - Position) ? Position + (long)length : throw OnnxFault.Damaged(file, Position);
    }

    /// <summary>Reads a text.</summary>
    public string Text(long end)
    {
        var last = RunEnd(end);
        return last - Position <= LongestText ? Encoding.UTF8.GetString(Take((int)(last - Position), last)) : throw OnnxFault.TextTooLong(file, Position);
    }

    /// <summary>Goes to a position.</summary>
    public void GoTo(long position) => Position = position;

    /// <summary>Passes over the value of a field.</summary>
    public void Skip(Kind kind, long end)
    {
        switch (kind)
        {
            case Kind.Variable:
                Variable(end);
                break;
            case Kind.Eight:
                Take(8, end);
                break;
            case Kind.Four:
                Take(4, end);
                break;
            default:
                Position = RunEnd(end);
                break;
        }
    }

    private ReadOnlySpan<byte> Take(int count, long end)
    {
        if (count > end - Position)
        {
            throw OnnxFault.Damaged(file, Position);
        }

        var bytes = window.At(Position, count);
        Position += count;
        return bytes;
    }
}
