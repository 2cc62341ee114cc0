using System.Collections.Frozen;

namespace Pedigree.Anatomy.Families;

/// <summary>The names of one architecture family, as data: nothing in it runs.</summary>
internal sealed class ModelFamily
{
    private readonly FrozenDictionary<string, TensorPattern> _outside;

    /// <param name="id">Name of the family, as <see cref="ModelAnatomy.Family"/> reports it.</param>
    /// <param name="inLayers">Tensors that repeat in each layer.</param>
    /// <param name="outside">Tensors that stand outside the layers.</param>
    /// <exception cref="ArgumentException">Two patterns have the same name.</exception>
    public ModelFamily(string id, IEnumerable<TensorPattern> inLayers, IEnumerable<TensorPattern> outside)
    {
        Id = id;
        InLayers = [.. inLayers];
        if (InLayers.GroupBy(pattern => pattern.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"`{twice.Key}` stands twice in the family {id}", nameof(inLayers));
        }

        _outside = outside.ToDictionary(pattern => pattern.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        Required = [.. InLayers.Where(pattern => pattern.Required).Select(pattern => pattern.Name)];
    }

    public string Id { get; }

    public IReadOnlyList<TensorPattern> InLayers { get; }

    public IReadOnlyList<string> Required { get; }

    /// <summary>What the stacks of an encoder and a decoder are called, in the order in which their layers count; empty for a single stack.</summary>
    public IReadOnlyList<string> JoinedStacks { get; init; } = [];

    /// <summary>Whether training starts with values that depend on the index of residual dimensions and heads, as <see cref="ModelAnatomy.OrderedStart"/> says.</summary>
    public bool OrderedStart { get; init; }

    /// <summary>Layers of the anatomy that one layer of the checkpoint counts for.</summary>
    public int Sublayers { get; init; } = 1;

    /// <summary>Whether no test runs on heads: the model ties them together, so that they cannot be exchanged one by one, or names leave open which rows are whose.</summary>
    public bool UntestedHeads { get; init; }

    public TensorPattern? Outside(string name) => _outside.GetValueOrDefault(name);

    /// <summary>The prefix that joined stacks have in common, and which of them this is; the prefix itself and 0 for a single stack.</summary>
    public (string Prefix, int Stack) Joined(string prefix)
    {
        for (var stack = 0; stack < JoinedStacks.Count; stack++)
        {
            if (prefix.EndsWith(JoinedStacks[stack], StringComparison.Ordinal)
                && (prefix.Length == JoinedStacks[stack].Length || prefix[^(JoinedStacks[stack].Length + 1)] == '.'))
            {
                return (prefix[..^JoinedStacks[stack].Length].TrimEnd('.'), stack);
            }
        }

        return (prefix, 0);
    }
}
