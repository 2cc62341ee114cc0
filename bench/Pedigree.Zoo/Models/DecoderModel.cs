namespace Pedigree.Zoo.Models;

/// <summary>A decoder in memory: its shape, its tensors by name and its tokens. Changed in place only by the manipulation that made it.</summary>
internal sealed class DecoderModel
{
    private readonly Dictionary<string, Weights> _tensors;

    /// <summary>A model of given tensors.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, superfluous or of another size than the shape asks.</exception>
    public DecoderModel(DecoderShape shape, IReadOnlyDictionary<string, Weights> tensors, IReadOnlyList<string>? tokens = null)
    {
        Shape = shape;
        _tensors = new Dictionary<string, Weights>(tensors, StringComparer.Ordinal);
        Tokens = tokens ?? [.. Enumerable.Range(0, shape.Vocabulary).Select(token => $"token{token}")];
        Check();
    }

    public DecoderShape Shape { get; }

    /// <summary>The text of each token.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The tensors, by the names of <see cref="Slot"/>.</summary>
    public IReadOnlyDictionary<string, Weights> Tensors => _tensors;

    public Weights this[string name] => _tensors[name];

    /// <summary>The tensor, or null where the shape has none.</summary>
    public Weights? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>The matrix that turns the residual stream into logits.</summary>
    public Weights Unembedding => Find(Slot.Unembedding) ?? _tensors[Slot.Embedding];

    /// <summary>The same model of its own tensors.</summary>
    public DecoderModel Copy() => new(Shape, _tensors.ToDictionary(entry => entry.Key, entry => entry.Value.Copy(), StringComparer.Ordinal), Tokens);

    /// <summary>A model of another shape made of these tensors with some replaced; those that the shape lacks are dropped.</summary>
    public DecoderModel With(DecoderShape shape, IReadOnlyDictionary<string, Weights> replaced, IReadOnlyList<string>? tokens = null)
    {
        var tensors = new Dictionary<string, Weights>(StringComparer.Ordinal);
        foreach (var slot in shape.Slots())
        {
            tensors[slot.Name] = replaced.TryGetValue(slot.Name, out var changed) ? changed : _tensors[slot.Name].Copy();
        }

        return new DecoderModel(shape, tensors, tokens ?? (shape.Vocabulary == Shape.Vocabulary ? Tokens : null));
    }

    /// <summary>The same model with every tensor passed through a function of its name.</summary>
    public DecoderModel Map(Func<string, Weights, Weights> change, DecoderShape? shape = null) =>
        With(shape ?? Shape, _tensors.ToDictionary(entry => entry.Key, entry => change(entry.Key, entry.Value.Copy()), StringComparer.Ordinal));

    private void Check()
    {
        var expected = 0;
        foreach (var slot in Shape.Slots())
        {
            if (!_tensors.TryGetValue(slot.Name, out var tensor) || tensor.Rows != slot.Rows || tensor.Columns != slot.Columns)
            {
                throw new ArgumentException($"the tensor {slot.Name} is not {slot.Rows} x {slot.Columns}", "tensors");
            }

            expected++;
        }

        if (expected != _tensors.Count || Tokens.Count != Shape.Vocabulary)
        {
            throw new ArgumentException($"{_tensors.Count} tensors and {Tokens.Count} tokens, where {expected} and {Shape.Vocabulary} were expected", "tensors");
        }
    }
}
