using System.Globalization;
using System.Text;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>Reads a pickle (Python's pickle protocols 0 to 5, as Lib/pickletools.py describes them) into the values and calls that it asks for, and carries out
/// none of them: nothing is imported, called or built but plain containers, numbers and texts.</summary>
/// <remarks>Every operation makes at most one object of bounded size, so memory is bounded by the pickle's length and <see cref="MostOperations"/>.</remarks>
internal sealed class PickleMachine
{
    /// <summary>Most operations in a pickle. A tensor takes about twenty, so this is enough for two hundred thousand tensors.</summary>
    public const int MostOperations = 4_000_000;

    private const int LongestName = 1024;

    private readonly PickleInput input;
    private readonly PickleStack stack;
    private readonly PickleScalars scalars;
    private readonly Dictionary<long, object?> memo = [];
    private readonly List<PicklePersistent> persistent = [];
    private readonly PickleImports imports;
    private readonly Func<PicklePersistent, object?>? resolve;
    private int operations;

    private PickleMachine(PickleInput input, PickleImports imports, Func<PicklePersistent, object?>? resolve)
    {
        this.input = input;
        stack = new PickleStack(input);
        scalars = new PickleScalars(input);
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
                return stack.Pop();
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
                stack.Mark();
                break;
            case PickleCode.Pop:
                stack.PopOrMark();
                break;
            case PickleCode.PopMark:
                stack.PopToMark();
                break;
            case PickleCode.Duplicate:
                stack.Push(stack.Peek());
                break;
            case PickleCode.None:
                stack.Push(null);
                break;
            case PickleCode.NewTrue:
                stack.Push(true);
                break;
            case PickleCode.NewFalse:
                stack.Push(false);
                break;
            default:
                if (scalars.TryRead(code, out var value))
                {
                    stack.Push(value);
                }
                else if (!StepContainer(code) && !StepMemo(code, position) && !StepCall(code, position))
                {
                    throw new PickleFault($"has the operation 0x{(byte)code:X2}, which is unknown or which no checkpoint uses,", position);
                }

                break;
        }
    }

    private bool StepContainer(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.EmptyTuple:
                stack.Push(new PickleTuple([]));
                break;
            case PickleCode.Tuple1:
                stack.Push(new PickleTuple(stack.Pop(1)));
                break;
            case PickleCode.Tuple2:
                stack.Push(new PickleTuple(stack.Pop(2)));
                break;
            case PickleCode.Tuple3:
                stack.Push(new PickleTuple(stack.Pop(3)));
                break;
            case PickleCode.Tuple:
                stack.Push(new PickleTuple(stack.PopToMark()));
                break;
            case PickleCode.EmptyList or PickleCode.EmptySet:
                stack.Push(new PickleList());
                break;
            case PickleCode.List or PickleCode.FrozenSet:
                var list = new PickleList();
                list.Items.AddRange(stack.PopToMark());
                stack.Push(list);
                break;
            case PickleCode.EmptyDictionary:
                stack.Push(new PickleDictionary());
                break;
            case PickleCode.Dictionary:
                var pairs = stack.PopToMark();
                stack.Push(new PickleDictionary());
                stack.Set(pairs);
                break;
            case PickleCode.Append:
                stack.Add(stack.Pop(1));
                break;
            case PickleCode.Appends or PickleCode.AddItems:
                stack.Add(stack.PopToMark());
                break;
            case PickleCode.SetItem:
                stack.Set(stack.Pop(2));
                break;
            case PickleCode.SetItems:
                stack.Set(stack.PopToMark());
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
                memo[memo.Count] = stack.Peek();
                break;
            case PickleCode.Put1:
                memo[input.Byte()] = stack.Peek();
                break;
            case PickleCode.Put4:
                memo[input.UInt32()] = stack.Peek();
                break;
            case PickleCode.PutLine:
                memo[Index(position)] = stack.Peek();
                break;
            case PickleCode.Get1:
                stack.Push(Recall(input.Byte(), position));
                break;
            case PickleCode.Get4:
                stack.Push(Recall(input.UInt32(), position));
                break;
            case PickleCode.GetLine:
                stack.Push(Recall(Index(position), position));
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
                stack.Push(Import(module, Encoding.UTF8.GetString(input.Line()), position));
                break;
            case PickleCode.StackGlobal:
                var names = stack.Pop(2);
                stack.Push(names is [string from, string name] ? Import(from, name, position) : Import("", "(a name built at run time)", position));
                break;
            case PickleCode.Instance:
                var type = Import(Encoding.UTF8.GetString(input.Line()), Encoding.UTF8.GetString(input.Line()), position);
                stack.Push(new PickleCall(type, stack.PopToMark(), position));
                break;
            case PickleCode.Object:
                var parts = stack.PopToMark();
                stack.Push(new PickleCall(parts.FirstOrDefault(), parts.Length > 0 ? parts[1..] : [], position));
                break;
            case PickleCode.Reduce or PickleCode.NewObject:
                var call = stack.Pop(2);
                stack.Push(new PickleCall(call[0], call[1] is PickleTuple tuple ? tuple.Items : [call[1]], position));
                break;
            case PickleCode.NewObjectKeywords:
                // Arguments by name are left out: no tensor is made with any, and copying a tuple that is recalled again and again would have no bound.
                var wide = stack.Pop(3);
                stack.Push(new PickleCall(wide[0], wide[1] is PickleTuple positional ? positional.Items : [wide[1]], position));
                break;
            case PickleCode.Build:
                var state = stack.Pop();
                if (stack.Peek() is PickleCall target)
                {
                    target.State = state;
                }

                break;
            case PickleCode.Persistent:
                PushPersistent(new PicklePersistent(stack.Pop(), position));
                break;
            case PickleCode.PersistentLine:
                PushPersistent(new PicklePersistent(Encoding.Latin1.GetString(input.Line()), position));
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
        stack.Push(resolve is null ? value : resolve(value));
    }

    private object? Recall(long index, long position) =>
        memo.TryGetValue(index, out var value) ? value : throw new PickleFault($"recalls value {index}, which it never remembered,", position);

    private long Index(long position) =>
        long.TryParse(Encoding.Latin1.GetString(input.Line()), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : throw new PickleFault("has a number that is none", position);
}
