using System.Globalization;
using Pedigree.Checkpoints.Pickles;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Walks through the values of a pickle as through the objects that they stand for: dictionaries, lists, and the attributes of modules and other objects.</summary>
internal static class TorchTree
{
    /// <summary>Most characters of a name. Every tensor repeats the names of what it lies in, so their length is bounded.</summary>
    public const int LongestName = 2048;

    /// <summary>Whether a value is an object of a class, rather than a plain container or a tensor.</summary>
    public static bool IsObject(object? value) => value is PickleCall call && !PlainNames.MakesDictionary(call.Callable) && !TorchTensor.IsMadeBy(call);

    /// <summary>The values inside a value, each with its name; a name that is set twice has its last value, as in Python.</summary>
    /// <exception cref="PickleFault">A name is too long.</exception>
    public static IReadOnlyList<(string Name, object? Value)> Children(object? value)
    {
        switch (value)
        {
            case PickleDictionary dictionary:
                return Named(dictionary.Pairs);
            case PickleList list:
                return Numbered(list.Items);
            case PickleTuple tuple:
                return Numbered(tuple.Items);
            case PickleCall call when PlainNames.MakesDictionary(call.Callable):
                return Named([.. Given(call), .. call.Pairs]);
            case PickleCall call when !TorchTensor.IsMadeBy(call):
                return [.. Named(call.Pairs), .. Numbered(call.Items), .. Attributes(call.State)];
            default:
                return [];
        }
    }

    // Python 2 hands an ordered dictionary its pairs as an argument.
    private static IEnumerable<(object? Key, object? Value)> Given(PickleCall call) =>
        call.Arguments is [PickleList pairs, ..] ? pairs.Items.Select(Pair).OfType<(object?, object?)>() : [];

    private static (object? Key, object? Value)? Pair(object? item) => item switch
    {
        PickleList { Items: [var key, var value] } => (key, value),
        PickleTuple { Items: [var key, var value] } => (key, value),
        _ => null,
    };

    // A torch.nn.Module keeps what a state dictionary names in three dictionaries whose own names do not appear there.
    // Only dictionaries are followed here, so that objects which hold one another cannot make this descend without end.
    private static IEnumerable<(string Name, object? Value)> Attributes(object? state) =>
        state is PickleTuple { Items: [var attributes, var slots] } ? Members(attributes).Concat(Members(slots)) : Members(state);

    private static IEnumerable<(string Name, object? Value)> Members(object? dictionary) =>
        IsDictionary(dictionary)
            ? Children(dictionary).SelectMany(child => child.Name is "_parameters" or "_buffers" or "_modules" && IsDictionary(child.Value) ? Children(child.Value) : [child])
            : [];

    private static bool IsDictionary(object? value) => value is PickleDictionary || (value is PickleCall call && PlainNames.MakesDictionary(call.Callable));

    private static List<(string Name, object? Value)> Named(IReadOnlyList<(object? Key, object? Value)> pairs)
    {
        var named = new List<(string Name, object? Value)>(pairs.Count);
        var places = new Dictionary<string, int>(pairs.Count, StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            var name = key switch
            {
                string text => text,
                long number => number.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
            if (name is { Length: > LongestName })
            {
                throw new PickleFault($"has a name of more than {LongestName} characters", 0);
            }

            if (name is not null && !places.TryAdd(name, named.Count))
            {
                named[places[name]] = (name, value);
            }
            else if (name is not null)
            {
                named.Add((name, value));
            }
        }

        return named;
    }

    private static List<(string Name, object? Value)> Numbered(IReadOnlyList<object?> items) =>
        [.. items.Select((item, index) => (index.ToString(CultureInfo.InvariantCulture), item))];
}
