using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>Where each tensor of a shape lies when all parameters are one array. Immutable.</summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, (int Offset, int Length)> _places = new(StringComparer.Ordinal);

    /// <summary>The layout of a shape, in the order of its slots.</summary>
    public ParameterLayout(DecoderShape shape)
    {
        Shape = shape;
        foreach (var slot in shape.Slots())
        {
            _places[slot.Name] = (Count, slot.Rows * slot.Columns);
            Count += slot.Rows * slot.Columns;
        }
    }

    public DecoderShape Shape { get; }

    /// <summary>All parameters.</summary>
    public int Count { get; }

    /// <summary>Whether the shape has the tensor.</summary>
    public bool Has(string name) => _places.ContainsKey(name);

    /// <summary>The part of an array that belongs to a tensor; empty where the shape has none.</summary>
    public Span<float> Of(float[] all, string name) => _places.TryGetValue(name, out var place) ? all.AsSpan(place.Offset, place.Length) : default;

    /// <summary>The tensors of a model as one array.</summary>
    public float[] Flatten(DecoderModel model)
    {
        var all = new float[Count];
        foreach (var (name, _) in _places)
        {
            model[name].Values.CopyTo(Of(all, name));
        }

        return all;
    }

    /// <summary>A model of parameters in one array.</summary>
    public DecoderModel ToModel(float[] all, IReadOnlyList<string> tokens) => new(
        Shape,
        Shape.Slots().ToDictionary(slot => slot.Name, slot => new Weights(slot.Rows, slot.Columns, Of(all, slot.Name).ToArray()), StringComparer.Ordinal),
        tokens);
}
