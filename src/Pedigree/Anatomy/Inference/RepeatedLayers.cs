using System.Globalization;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy.Inference;

/// <summary>Finds the number in the names that counts layers, and what repeats with it.</summary>
/// <param name="Stacks">The layers, those that are built alike together.</param>
/// <param name="Outside">Tensors without a layer.</param>
internal sealed record RepeatedLayers(IReadOnlyList<LayerStack> Stacks, IReadOnlyList<StoredTensor> Outside)
{
    private const int MostHoles = 8;

    /// <summary>A run of digits in a name: the text before it (digits there as #), its value and its place.</summary>
    private readonly record struct Hole(string Before, int Value, int Start, int Length);

    /// <summary>Finds the layers; null if no number repeats.</summary>
    public static RepeatedLayers? Find(IReadOnlyList<StoredTensor> tensors)
    {
        var counters = new Dictionary<string, (SortedSet<int> Values, Dictionary<string, int> Keys)>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            foreach (var hole in HolesOf(tensor.Name))
            {
                var (values, keys) = counters.TryGetValue(hole.Before, out var known) ? known : counters[hole.Before] = ([], new(StringComparer.Ordinal));
                values.Add(hole.Value);
                var key = KeyOf(tensor.Name, hole);
                keys[key] = keys.GetValueOrDefault(key) + 1;
            }
        }

        // The number under which most tensors come again counts layers: one that counts experts or heads stands inside it, and one that is part of a word repeats little.
        var layer = counters
            .Where(counter => counter.Value.Values.Max < 2 * counter.Value.Values.Count)
            .OrderByDescending(counter => counter.Value.Values.Count > 1)
            .ThenByDescending(counter => counter.Value.Keys.Values.Where(count => count > 1).Sum())
            .ThenByDescending(counter => counter.Value.Keys.Values.Sum())
            .ThenBy(counter => counter.Key.Length).ThenBy(counter => counter.Key, StringComparer.Ordinal)
            .Select(counter => counter.Key).FirstOrDefault();
        return layer is null ? null : Collect(tensors, layer);
    }

    /// <summary>Groups of keys that differ only in a counter from 0, such as experts or heads: for each value, the keys with the value cut out.</summary>
    public static IEnumerable<(string Before, IReadOnlyList<IReadOnlyList<(LayerSlot Slot, string After)>> Members)> Counted(IReadOnlyList<LayerSlot> slots) =>
        slots
            .SelectMany(slot => HolesOf(slot.Key).Select(hole => (slot, hole)))
            .GroupBy(pair => pair.hole.Before, StringComparer.Ordinal)
            .Select(group => (group.Key, Members: (IReadOnlyList<IReadOnlyList<(LayerSlot, string)>>)
            [
                .. group.GroupBy(pair => pair.hole.Value).OrderBy(members => members.Key).Select((members, rank) =>
                    members.Key == rank
                        ? (IReadOnlyList<(LayerSlot, string)>)[.. members.Select(pair => (pair.slot, pair.slot.Key[(pair.hole.Start + pair.hole.Length)..]))]
                        : []),
            ]))
            .Where(group => group.Members.Count > 1 && group.Members.All(member => member.Count == group.Members[0].Count && member.Count > 1));

    private static RepeatedLayers Collect(IReadOnlyList<StoredTensor> tensors, string before)
    {
        var layers = new SortedDictionary<int, List<(string Key, StoredTensor Tensor)>>();
        var outside = new List<StoredTensor>();
        foreach (var tensor in tensors)
        {
            if (HolesOf(tensor.Name).Where(hole => string.Equals(hole.Before, before, StringComparison.Ordinal)).Select(hole => (Hole?)hole).FirstOrDefault() is { } hole)
            {
                (layers.TryGetValue(hole.Value, out var known) ? known : layers[hole.Value] = []).Add((KeyOf(tensor.Name, hole), tensor));
            }
            else
            {
                outside.Add(tensor);
            }
        }

        var stacks = layers
            .GroupBy(layer => string.Join('\n', layer.Value.Select(member => $"{member.Key} {string.Join(',', member.Tensor.Shape)}").Order(StringComparer.Ordinal)), StringComparer.Ordinal)
            .Select(alike => new LayerStack(
                [.. alike.Select(layer => layer.Key)],
                [
                    .. alike.SelectMany(layer => layer.Value).GroupBy(member => member.Key, StringComparer.Ordinal)
                        .OrderBy(slot => slot.Key, StringComparer.Ordinal)
                        .Select(slot => new LayerSlot(slot.Key, slot.First().Tensor.Shape, [.. slot.Select(member => member.Tensor)])),
                ]));
        return new RepeatedLayers([.. stacks], outside);
    }

    private static string KeyOf(string name, Hole hole) => string.Concat(name.AsSpan(0, hole.Start), "{layer}", name.AsSpan(hole.Start + hole.Length));

    private static IEnumerable<Hole> HolesOf(string name)
    {
        var template = "";
        var from = 0;
        for (var found = 0; found < MostHoles; found++)
        {
            var start = from;
            while (start < name.Length && !char.IsAsciiDigit(name[start]))
            {
                start++;
            }

            if (start == name.Length)
            {
                yield break;
            }

            var end = start;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
            {
                end++;
            }

            template += name[from..start];
            if (end - start <= 6)
            {
                yield return new Hole(template, int.Parse(name.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture), start, end - start);
            }

            template += "#";
            from = end;
        }
    }
}
