using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>The stack of a pickle machine, with the marks that operations of any number of operands reach back to. Nothing below the last mark can be taken.</summary>
/// <param name="input">The pickle, for the place of a fault.</param>
internal sealed class PickleStack(PickleInput input)
{
    private readonly List<int> marks = [];
    private readonly List<object?> stack = [];

    /// <summary>Sets a mark.</summary>
    public void Mark() => marks.Add(stack.Count);

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value) => stack.Add(value);

    /// <summary>The value on top.</summary>
    public object? Peek() => stack.Count > (marks.Count > 0 ? marks[^1] : 0) ? stack[^1] : throw Underflow();

    /// <summary>Takes the value on top.</summary>
    public object? Pop()
    {
        var top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    /// <summary>Takes several values, the deepest first.</summary>
    public object?[] Pop(int count)
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

    /// <summary>Takes the values above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw new PickleFault("uses a mark that it never set", input.Position);
        }

        var values = Pop(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return values;
    }

    /// <summary>Takes the value on top, or the mark if nothing lies above it.</summary>
    public void PopOrMark()
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

    /// <summary>Adds items to the list on top.</summary>
    public void Add(object?[] values)
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

    /// <summary>Sets keys and values, by turns, on the dictionary on top.</summary>
    public void Set(object?[] values)
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

    private PickleFault Underflow() => new("takes more from its stack than it put there", input.Position);
}
