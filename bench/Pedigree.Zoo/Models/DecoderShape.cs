namespace Pedigree.Zoo.Models;

/// <summary>How the residual stream is normalised before each block.</summary>
internal enum NormKind
{
    /// <summary>Divided by its root mean square, times gains.</summary>
    RootMeanSquare,

    /// <summary>Mean taken out, divided by its deviation, times gains, plus a bias.</summary>
    Layer,
}

/// <summary>The nonlinearity of the MLP.</summary>
internal enum Activation
{
    /// <summary>x·sigmoid(x).</summary>
    Silu,

    /// <summary>The tanh form of the Gaussian error linear unit.</summary>
    Gelu,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>The shape of a pre-norm decoder. Immutable; all layers are alike.</summary>
internal sealed record DecoderShape
{
    /// <summary>Layers, at least 1.</summary>
    public required int Layers { get; init; }

    /// <summary>Width d of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Query heads; a multiple of <see cref="KeyValueHeads"/>.</summary>
    public required int QueryHeads { get; init; }

    /// <summary>Key-value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even when positions are rotary.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>MLP neurons of a layer, or of one expert.</summary>
    public required int Neurons { get; init; }

    /// <summary>Tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest sequence; rows of the position table where positions are learned.</summary>
    public int Context { get; init; } = 64;

    /// <summary>Routed experts of a layer; 0 for a dense MLP.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that each token uses.</summary>
    public int ActiveExperts { get; init; }

    /// <summary>The kind of norm.</summary>
    public NormKind Norm { get; init; }

    /// <summary>The nonlinearity.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the MLP has a gate and an up matrix; otherwise up alone.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Learned positions are added to the embeddings; otherwise rotary ones turn queries and keys.</summary>
    public bool LearnedPositions { get; init; }

    /// <summary>Queries, keys and values have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>The attention output has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>The matrices of the MLP have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Queries and keys are normalised head by head, with gains.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>The unembedding is the embedding.</summary>
    public bool Tied { get; init; }

    /// <summary>Added to the mean square before the root.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Query heads that share one key-value head.</summary>
    public int GroupSize => QueryHeads / KeyValueHeads;

    /// <summary>Experts counted so that a dense MLP is one.</summary>
    public int Blocks => Math.Max(1, Experts);

    /// <summary>The expert number of a block: <see cref="Slot.Dense"/> where the MLP is dense.</summary>
    public int ExpertOf(int block) => Experts == 0 ? Slot.Dense : block;

    /// <summary>Parameters in all tensors.</summary>
    public long Parameters => Slots().Sum(slot => (long)slot.Rows * slot.Columns);

    /// <summary>Every tensor that a model of this shape has, in a fixed order.</summary>
    public IEnumerable<SlotShape> Slots()
    {
        yield return new(Slot.Embedding, Vocabulary, Width);
        if (LearnedPositions)
        {
            yield return new(Slot.Positions, Context, Width);
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var slot in LayerSlots(layer))
            {
                yield return slot;
            }
        }

        foreach (var slot in Norms(Slot.FinalNorm))
        {
            yield return slot;
        }

        if (!Tied)
        {
            yield return new(Slot.Unembedding, Vocabulary, Width);
        }
    }

    private IEnumerable<SlotShape> LayerSlots(int layer)
    {
        int queries = QueryHeads * HeadWidth, keys = KeyValueHeads * HeadWidth;
        List<SlotShape> slots =
        [
            .. Norms(Slot.AttentionNorm(layer)),
            .. Matrix(Slot.Query(layer), queries, Width, QueryKeyValueBias),
            .. Matrix(Slot.Key(layer), keys, Width, QueryKeyValueBias),
            .. Matrix(Slot.Value(layer), keys, Width, QueryKeyValueBias),
            .. Matrix(Slot.Output(layer), Width, queries, OutputBias),
        ];
        if (QueryKeyNorm)
        {
            slots.Add(new(Slot.QueryNorm(layer), 1, HeadWidth, true));
            slots.Add(new(Slot.KeyNorm(layer), 1, HeadWidth, true));
        }

        slots.AddRange(Norms(Slot.MlpNorm(layer)));
        if (Experts > 0)
        {
            slots.Add(new(Slot.Router(layer), Experts, Width));
        }

        for (var block = 0; block < Blocks; block++)
        {
            var expert = ExpertOf(block);
            if (Gated)
            {
                slots.AddRange(Matrix(Slot.Gate(layer, expert), Neurons, Width, MlpBias));
            }

            slots.AddRange(Matrix(Slot.Up(layer, expert), Neurons, Width, MlpBias));
            slots.AddRange(Matrix(Slot.Down(layer, expert), Width, Neurons, MlpBias));
        }

        return slots;
    }

    private IEnumerable<SlotShape> Norms(string name)
    {
        yield return new(name, 1, Width, true);
        if (Norm == NormKind.Layer)
        {
            yield return new(Slot.Bias(name), 1, Width, true);
        }
    }

    private static IEnumerable<SlotShape> Matrix(string name, int rows, int columns, bool bias)
    {
        yield return new(name, rows, columns);
        if (bias)
        {
            yield return new(Slot.Bias(name), 1, rows, true);
        }
    }
}

/// <summary>The name and size of one tensor.</summary>
/// <param name="Name">A name made by <see cref="Slot"/>.</param>
/// <param name="Rows">Rows; 1 for a vector.</param>
/// <param name="Columns">Columns.</param>
/// <param name="IsVector">Stored with one dimension.</param>
internal sealed record SlotShape(string Name, int Rows, int Columns, bool IsVector = false);
