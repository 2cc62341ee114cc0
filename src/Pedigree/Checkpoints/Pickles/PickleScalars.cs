using System.Globalization;
using System.Numerics;
using System.Text;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>Reads the operations of a pickle that put a number, a text or bytes on the stack.</summary>
/// <param name="input">The pickle.</param>
internal sealed class PickleScalars(PickleInput input)
{
    private const long LongestText = 1 << 24;
    private const int LargestNumber = 16;

    /// <summary>Reads the value of such an operation.</summary>
    /// <param name="code">The operation, already read.</param>
    /// <param name="value">Its value: <see langword="long"/>, <see cref="BigInteger"/> or <see cref="PickleLargeNumber"/>, <see langword="double"/>, <see langword="bool"/>, text or <see cref="PickleBytes"/>.</param>
    /// <returns>False if the operation is of another kind; nothing has been read then.</returns>
    /// <exception cref="PickleFault">It is damaged or too long.</exception>
    public bool TryRead(PickleCode code, out object? value) => Number(code, out value) || Text(code, out value);

    private bool Number(PickleCode code, out object? value)
    {
        switch (code)
        {
            case PickleCode.Integer1:
                value = (long)input.Byte();
                break;
            case PickleCode.Integer2:
                value = (long)input.UInt16();
                break;
            case PickleCode.Integer4:
                value = (long)input.Int32();
                break;
            case PickleCode.Float8:
                value = input.Float();
                break;
            case PickleCode.Long1:
                value = Number(input.Byte());
                break;
            case PickleCode.Long4:
                value = Number(input.UInt32());
                break;
            case PickleCode.IntegerLine:
                value = Ascii(input.Line()) switch
                {
                    "00" => false,
                    "01" => true,
                    var text => Number(text),
                };
                break;
            case PickleCode.LongLine:
                value = Number(Ascii(input.Line()).TrimEnd('L'));
                break;
            case PickleCode.FloatLine:
                var position = input.Position;
                value = double.TryParse(Ascii(input.Line()), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new PickleFault("has a number that is none", position);
                break;
            default:
                value = null;
                return false;
        }

        return true;
    }

    private bool Text(PickleCode code, out object? value)
    {
        switch (code)
        {
            case PickleCode.ShortUnicode:
                value = Text(input.Byte());
                break;
            case PickleCode.Unicode4:
                value = Text(input.UInt32());
                break;
            case PickleCode.Unicode8:
                value = Text(input.Length64());
                break;
            case PickleCode.UnicodeLine:
                value = Encoding.UTF8.GetString(input.Line());
                break;
            // Python 2 wrote names as byte strings; they are read as text, like torch.load does.
            case PickleCode.ShortString:
                value = Text(input.Byte());
                break;
            case PickleCode.String4:
                value = Text(input.Int32());
                break;
            case PickleCode.StringLine:
                var line = Ascii(input.Line()).Trim();
                value = line is ['\'', .., '\''] or ['"', .., '"'] ? line[1..^1] : line;
                break;
            case PickleCode.ShortBytes:
                value = Bytes(input.Byte());
                break;
            case PickleCode.Bytes4:
                value = Bytes(input.UInt32());
                break;
            case PickleCode.Bytes8 or PickleCode.ByteArray8:
                value = Bytes(input.Length64());
                break;
            default:
                value = null;
                return false;
        }

        return true;
    }

    private string Text(long length)
    {
        if (length > LongestText)
        {
            throw new PickleFault("has a text longer than any that a checkpoint needs", input.Position);
        }

        return Encoding.UTF8.GetString(input.Take(length));
    }

    private PickleBytes Bytes(long length)
    {
        input.Skip(length);
        return new PickleBytes(length);
    }

    private object Number(long length)
    {
        if (length > LargestNumber)
        {
            input.Skip(length);
            return new PickleLargeNumber();
        }

        return Narrow(new BigInteger(input.Take(length)));
    }

    private object Number(string text)
    {
        if (text.Length > 3 * LargestNumber)
        {
            return new PickleLargeNumber();
        }

        return BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? Narrow(number)
            : throw new PickleFault("has a number that is none", input.Position);
    }

    private static object Narrow(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;

    private static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
