using System.Globalization;
using System.Text;

namespace Pedigree.Lineage;

/// <summary>Tells equal layers, experts and blocks once: parts of a model whose names differ in a number and which hold tensors of the same names, types, shapes and
/// purposes. <c>model.layers.0.mlp.up_proj.weight</c> to <c>model.layers.27…</c> become <c>model.layers.[0-27].mlp.up_proj.weight</c>.</summary>
internal static class TensorFolding
{
    // Names are written by strangers; what lies deeper is told as it stands.
    private const int MostLevels = 24;
    private const int LongestNumber = 6;

    /// <summary>Folds tensors; numbers are in numeric order, everything else in that of the tensors.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="purposes">What they are for, by name.</param>
    public static IReadOnlyList<FoldedTensor> Of(IReadOnlyList<MeasuredTensor> tensors, IReadOnlyDictionary<string, IReadOnlyList<string>> purposes)
    {
        var root = new Node();
        foreach (var tensor in tensors)
        {
            var node = root;
            foreach (var label in tensor.Tensor.Name.Split('.', MostLevels))
            {
                node = node.Child(label);
            }

            node.Tensor = tensor;
        }

        IReadOnlyList<string> PurposesOf(MeasuredTensor tensor) => purposes.GetValueOrDefault(tensor.Tensor.Name) ?? [];
        var signatures = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. Fold(root, PurposesOf, signatures).Leaves.Select(leaf => FoldedTensor.Of(leaf.Name!, leaf.Tensors, PurposesOf(leaf.Tensors[0])))];
    }

    private static (int Signature, List<Leaf> Leaves) Fold(Node node, Func<MeasuredTensor, IReadOnlyList<string>> purposes, Dictionary<string, int> signatures)
    {
        var leaves = new List<Leaf>();
        var signature = new StringBuilder();
        if (node.Tensor is { } own)
        {
            leaves.Add(new Leaf(null, [own]));
            signature.Append(CultureInfo.InvariantCulture, $"{FoldedTensor.TypeOf(own)}[{string.Join(',', own.Tensor.Shape)}]{string.Join(',', purposes(own))}");
        }

        foreach (var (label, members) in Groups(node, purposes, signatures))
        {
            var merged = members[0].Leaves;
            foreach (var other in members.Skip(1))
            {
                for (var leaf = 0; leaf < merged.Count; leaf++)
                {
                    merged[leaf].Tensors.AddRange(other.Leaves[leaf].Tensors);
                }
            }

            leaves.AddRange(merged.Select(leaf => leaf with { Name = leaf.Name is null ? label : $"{label}.{leaf.Name}" }));
            // The length of a label keeps one that holds signs of this text from being read as two.
            signature.Append(CultureInfo.InvariantCulture, $";{label.Length}:{label}{members[0].Signature}");
        }

        var text = signature.ToString();
        if (!signatures.TryGetValue(text, out var known))
        {
            signatures[text] = known = signatures.Count;
        }

        return (known, leaves);
    }

    // The children of a node, equal ones with numbers for names together.
    private static List<(string Label, List<(int Signature, List<Leaf> Leaves)> Members)> Groups(
        Node node, Func<MeasuredTensor, IReadOnlyList<string>> purposes, Dictionary<string, int> signatures)
    {
        var groups = new List<(string Label, List<int> Numbers, List<(int Signature, List<Leaf> Leaves)> Members)>();
        var bySignature = new Dictionary<int, int>();
        foreach (var (label, child) in node.Children.OrderBy(entry => Number(entry.Key) ?? -1))
        {
            var folded = Fold(child, purposes, signatures);
            if (Number(label) is { } number)
            {
                if (bySignature.TryGetValue(folded.Signature, out var place))
                {
                    groups[place].Numbers.Add(number);
                    groups[place].Members.Add(folded);
                    continue;
                }

                bySignature[folded.Signature] = groups.Count;
                groups.Add((label, [number], [folded]));
                continue;
            }

            groups.Add((label, [], [folded]));
        }

        return [.. groups.Select(group => (group.Numbers.Count > 1 ? $"[{Runs(group.Numbers)}]" : group.Label, group.Members))];
    }

    private static int? Number(string label) =>
        label is { Length: > 0 and <= LongestNumber } && label.All(char.IsAsciiDigit) && (label.Length == 1 || label[0] != '0')
            ? int.Parse(label, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    private static string Runs(List<int> ascending)
    {
        var runs = new List<string>();
        for (var first = 0; first < ascending.Count;)
        {
            var last = first;
            while (last + 1 < ascending.Count && ascending[last + 1] == ascending[last] + 1)
            {
                last++;
            }

            runs.Add(string.Create(CultureInfo.InvariantCulture, $"{ascending[first]}{(first == last ? "" : $"-{ascending[last]}")}"));
            first = last + 1;
        }

        return string.Join(',', runs);
    }

    /// <param name="Name">Below the node; null for a tensor of the node itself.</param>
    /// <param name="Tensors">One for each equal part.</param>
    private sealed record Leaf(string? Name, List<MeasuredTensor> Tensors);

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _byLabel = new(StringComparer.Ordinal);

        public MeasuredTensor? Tensor { get; set; }

        /// <summary>In the order of their first tensor.</summary>
        public List<KeyValuePair<string, Node>> Children { get; } = [];

        public Node Child(string label)
        {
            if (!_byLabel.TryGetValue(label, out var child))
            {
                _byLabel[label] = child = new Node();
                Children.Add(new(label, child));
            }

            return child;
        }
    }
}
