using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>Reads a pickle (Python's pickle protocols 0 to 5, as Lib/pickletools.py describes them) into the values and calls that it asks for, and carries out
/// none of them: nothing is imported, called or built but plain containers, numbers and texts.</summary>
/// <remarks>Every operation makes at most one object of bounded size, so memory is bounded by the pickle's length and <see cref="MostOperations"/>.</remarks>
internal sealed class PickleMachine
{
    /// <summary>Most operations in a pickle. A tensor takes about twenty, so this is enough for two hundred thousand tensors.</summary>
    public const int MostOperations = 4_000_000;

    private const long LongestText = 1 << 24;
    private const int LongestName = 1024;
    private const int LargestNumber = 16;

    private readonly PickleInput input;
    private readonly Dictionary<long, object?> memo = [];
    private readonly List<int> marks = [];
    private readonly List<object?> stack = [];
    private readonly List<PicklePersistent> persistent = [];
    private readonly PickleImports imports;
    private readonly Func<PicklePersistent, object?>? resolve;
    private int operations;

    private PickleMachine(PickleInput input, PickleImports imports, Func<PicklePersistent, object?>? resolve)
    {
        this.input = input;
        this.imports = imports;
        this.resolve = resolve;
    }

    /// <summary>Reads one pickle, up to its end.</summary>
    /// <param name="input">Where it begins; left after its last byte.</param>
    /// <param name="imports">Receives the names that the pickle asks to import, also where the pickle turns out to be damaged.</param>
    /// <param name="resolve">Puts something else in the place of what lies outside the pickle; null to leave it.</param>
    /// <exception cref="PickleFault">It is damaged, exceeds a limit or uses what no checkpoint needs.</exception>
    public static PickleDocument Read(PickleInput input, PickleImports imports, Func<PicklePersistent, object?>? resolve = null)
    {
        var machine = new PickleMachine(input, imports, resolve);
        return new PickleDocument(machine.Run(), machine.persistent);
    }

    private object? Run()
    {
        while (true)
        {
            if (++operations > MostOperations)
            {
                throw new PickleFault($"has more than {MostOperations.ToString("N0", CultureInfo.InvariantCulture)} operations", input.Position);
            }

            var position = input.Position;
            var code = (PickleCode)input.Byte();
            if (code == PickleCode.Stop)
            {
                return Pop();
            }

            Step(code, position);
        }
    }

    private void Step(PickleCode code, long position)
    {
        switch (code)
        {
            case PickleCode.Protocol:
                if (input.Byte() > 5)
                {
                    throw new PickleFault("states a protocol later than 5", position);
                }

                break;
            case PickleCode.Frame:
                // Frames only tell how much to read ahead.
                input.Length64();
                break;
            case PickleCode.Mark:
                marks.Add(stack.Count);
                break;
            case PickleCode.Pop:
                PopOrMark();
                break;
            case PickleCode.PopMark:
                PopToMark();
                break;
            case PickleCode.Duplicate:
                Push(Peek());
                break;
            case PickleCode.None:
                Push(null);
                break;
            case PickleCode.NewTrue:
                Push(true);
                break;
            case PickleCode.NewFalse:
                Push(false);
                break;
            default:
                if (!StepNumber(code) && !StepText(code) && !StepContainer(code) && !StepMemo(code, position) && !StepCall(code, position))
                {
                    throw new PickleFault($"has the operation 0x{(byte)code:X2}, which is unknown or which no checkpoint uses,", position);
                }

                break;
        }
    }

    private bool StepNumber(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Integer1:
                Push((long)input.Byte());
                break;
            case PickleCode.Integer2:
                Push((long)input.UInt16());
                break;
            case PickleCode.Integer4:
                Push((long)input.Int32());
                break;
            case PickleCode.Float8:
                Push(input.Float());
                break;
            case PickleCode.Long1:
                Push(Number(input.Byte()));
                break;
            case PickleCode.Long4:
                Push(Number(input.UInt32()));
                break;
            case PickleCode.IntegerLine:
                Push(Ascii(input.Line()) switch
                {
                    "00" => false,
                    "01" => true,
                    var text => Number(text),
                });
                break;
            case PickleCode.LongLine:
                Push(Number(Ascii(input.Line()).TrimEnd('L')));
                break;
            case PickleCode.FloatLine:
                var position = input.Position;
                Push(double.TryParse(Ascii(input.Line()), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new PickleFault("has a number that is none", position));
                break;
            default:
                return false;
        }

        return true;
    }

    private bool StepText(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.ShortUnicode:
                Push(Text(input.Byte()));
                break;
            case PickleCode.Unicode4:
                Push(Text(input.UInt32()));
                break;
            case PickleCode.Unicode8:
                Push(Text(input.Length64()));
                break;
            case PickleCode.UnicodeLine:
                Push(Encoding.UTF8.GetString(input.Line()));
                break;
            // Python 2 wrote names as byte strings; they are read as text, like torch.load does.
            case PickleCode.ShortString:
                Push(Text(input.Byte()));
                break;
            case PickleCode.String4:
                Push(Text(input.Int32()));
                break;
            case PickleCode.StringLine:
                var line = Ascii(input.Line()).Trim();
                Push(line is ['\'', .., '\''] or ['"', .., '"'] ? line[1..^1] : line);
                break;
            case PickleCode.ShortBytes:
                PushBytes(input.Byte());
                break;
            case PickleCode.Bytes4:
                PushBytes(input.UInt32());
                break;
            case PickleCode.Bytes8 or PickleCode.ByteArray8:
                PushBytes(input.Length64());
                break;
            default:
                return false;
        }

        return true;
    }

    private bool StepContainer(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.EmptyTuple:
                Push(new PickleTuple([]));
                break;
            case PickleCode.Tuple1:
                Push(new PickleTuple(Pop(1)));
                break;
            case PickleCode.Tuple2:
                Push(new PickleTuple(Pop(2)));
                break;
            case PickleCode.Tuple3:
                Push(new PickleTuple(Pop(3)));
                break;
            case PickleCode.Tuple:
                Push(new PickleTuple(PopToMark()));
                break;
            case PickleCode.EmptyList or PickleCode.EmptySet:
                Push(new PickleList());
                break;
            case PickleCode.List or PickleCode.FrozenSet:
                var list = new PickleList();
                list.Items.AddRange(PopToMark());
                Push(list);
                break;
            case PickleCode.EmptyDictionary:
                Push(new PickleDictionary());
                break;
            case PickleCode.Dictionary:
                var pairs = PopToMark();
                Push(new PickleDictionary());
                Set(pairs);
                break;
            case PickleCode.Append:
                Add(Pop(1));
                break;
            case PickleCode.Appends or PickleCode.AddItems:
                Add(PopToMark());
                break;
            case PickleCode.SetItem:
                Set(Pop(2));
                break;
            case PickleCode.SetItems:
                Set(PopToMark());
                break;
            default:
                return false;
        }

        return true;
    }

    private bool StepMemo(PickleCode code, long position)
    {
        switch (code)
        {
            case PickleCode.Memoize:
                memo[memo.Count] = Peek();
                break;
            case PickleCode.Put1:
                memo[input.Byte()] = Peek();
                break;
            case PickleCode.Put4:
                memo[input.UInt32()] = Peek();
                break;
            case PickleCode.PutLine:
                memo[Index(position)] = Peek();
                break;
            case PickleCode.Get1:
                Push(Recall(input.Byte(), position));
                break;
            case PickleCode.Get4:
                Push(Recall(input.UInt32(), position));
                break;
            case PickleCode.GetLine:
                Push(Recall(Index(position), position));
                break;
            default:
                return false;
        }

        return true;
    }

    private bool StepCall(PickleCode code, long position)
    {
        switch (code)
        {
            case PickleCode.Global:
                var module = Encoding.UTF8.GetString(input.Line());
                Push(Import(module, Encoding.UTF8.GetString(input.Line()), position));
                break;
            case PickleCode.StackGlobal:
                var names = Pop(2);
                Push(names is [string from, string name] ? Import(from, name, position) : Import("", "(a name built at run time)", position));
                break;
            case PickleCode.Instance:
                var type = Import(Encoding.UTF8.GetString(input.Line()), Encoding.UTF8.GetString(input.Line()), position);
                Push(new PickleCall(type, PopToMark(), position));
                break;
            case PickleCode.Object:
                var parts = PopToMark();
                Push(new PickleCall(parts.FirstOrDefault(), parts.Length > 0 ? parts[1..] : [], position));
                break;
            case PickleCode.Reduce or PickleCode.NewObject:
                var call = Pop(2);
                Push(new PickleCall(call[0], call[1] is PickleTuple tuple ? tuple.Items : [call[1]], position));
                break;
            case PickleCode.NewObjectKeywords:
                var wide = Pop(3);
                Push(new PickleCall(wide[0], wide[1] is PickleTuple positional ? [.. positional.Items, wide[2]] : [wide[1], wide[2]], position));
                break;
            case PickleCode.Build:
                var state = Pop();
                if (Peek() is PickleCall target)
                {
                    target.State = state;
                }

                break;
            case PickleCode.Persistent:
                PushPersistent(new PicklePersistent(Pop(), position));
                break;
            case PickleCode.PersistentLine:
                PushPersistent(new PicklePersistent(Ascii(input.Line()), position));
                break;
            default:
                return false;
        }

        return true;
    }

    private PickleGlobal Import(string module, string name, long position)
    {
        if (module.Length + name.Length > LongestName)
        {
            throw new PickleFault("imports a name longer than any", position);
        }

        var global = new PickleGlobal(module, name, position);
        imports.Add(global);
        return global;
    }

    private void PushPersistent(PicklePersistent value)
    {
        persistent.Add(value);
        Push(resolve is null ? value : resolve(value));
    }

    private void Push(object? value) => stack.Add(value);

    private object? Peek() => stack.Count > (marks.Count > 0 ? marks[^1] : 0) ? stack[^1] : throw Underflow();

    private object? Pop()
    {
        var top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object?[] Pop(int count)
    {
        var first = stack.Count - count;
        if (first < (marks.Count > 0 ? marks[^1] : 0))
        {
            throw Underflow();
        }

        var values = CollectionsMarshal.AsSpan(stack)[first..].ToArray();
        stack.RemoveRange(first, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw new PickleFault("uses a mark that it never set", input.Position);
        }

        var values = Pop(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return values;
    }

    private void PopOrMark()
    {
        if (marks.Count > 0 && marks[^1] == stack.Count)
        {
            marks.RemoveAt(marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    private void Add(object?[] values)
    {
        switch (Peek())
        {
            case PickleList list:
                list.Items.AddRange(values);
                break;
            case PickleCall call:
                Array.ForEach(values, call.Add);
                break;
            default:
                throw new PickleFault("adds items to what is no list", input.Position);
        }
    }

    private void Set(object?[] values)
    {
        if (values.Length % 2 != 0)
        {
            throw new PickleFault("sets a key without a value", input.Position);
        }

        for (var i = 0; i < values.Length; i += 2)
        {
            switch (Peek())
            {
                case PickleDictionary dictionary:
                    dictionary.Pairs.Add((values[i], values[i + 1]));
                    break;
                case PickleCall call:
                    call.Set(values[i], values[i + 1]);
                    break;
                default:
                    throw new PickleFault("sets keys on what is no dictionary", input.Position);
            }
        }
    }

    private object? Recall(long index, long position) =>
        memo.TryGetValue(index, out var value) ? value : throw new PickleFault($"recalls value {index}, which it never remembered,", position);

    private long Index(long position) =>
        long.TryParse(Ascii(input.Line()), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : throw new PickleFault("has a number that is none", position);

    private string Text(long length)
    {
        if (length > LongestText)
        {
            throw new PickleFault("has a text longer than any that a checkpoint needs", input.Position);
        }

        return Encoding.UTF8.GetString(input.Take(length));
    }

    private void PushBytes(long length)
    {
        input.Skip(length);
        Push(new PickleBytes(length));
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

    private PickleFault Underflow() => new("takes more from its stack than it put there", input.Position);
}
