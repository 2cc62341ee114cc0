using System.Collections.Frozen;

namespace Pedigree.Anatomy.Families;

/// <summary>The names of one architecture family, as data: nothing in it runs.</summary>
internal sealed record ModelFamily
{
    private readonly FrozenDictionary<string, TensorPattern> _inLayers;
    private readonly FrozenDictionary<string, TensorPattern> _outside;

    /// <param name="id">Name of the family, as <see cref="ModelAnatomy.Family"/> reports it.</param>
    /// <param name="inLayers">Tensors that repeat in each layer.</param>
    /// <param name="outside">Tensors that stand outside the layers.</param>
    /// <exception cref="ArgumentException">Two patterns have the same name.</exception>
    public ModelFamily(string id, IEnumerable<TensorPattern> inLayers, IEnumerable<TensorPattern> outside)
    {
        Id = id;
        _inLayers = inLayers.ToDictionary(pattern => pattern.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        _outside = outside.ToDictionary(pattern => pattern.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        Required = [.. _inLayers.Values.Where(pattern => pattern.Required).Select(pattern => pattern.Name)];
    }

    public string Id { get; }

    public IReadOnlyList<string> Required { get; }

    public TensorPattern? InLayer(string name) => _inLayers.GetValueOrDefault(name);

    public TensorPattern? Outside(string name) => _outside.GetValueOrDefault(name);
}
