using System.Numerics;
using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.Adapters;

/// <summary>The product of an adapter's two factors (LoRA: Hu et al. 2021, arXiv 2106.09685, section 4.1): scale · B·A, or its transpose, computed row by row when it is read.</summary>
internal sealed class AdapterProduct
{
    private readonly ITensorSource adapter;
    private readonly StoredTensor first;
    private readonly StoredTensor second;
    private readonly float scale;
    private readonly bool isTransposed;
    private readonly Lock gate = new();

    // The factors of one module, both as rows of length Rank first; held weakly, since a model has hundreds of modules.
    private WeakReference<Factors>? loaded;

    /// <summary>Takes two factors whose shapes fit each other.</summary>
    /// <param name="adapter">The source that holds them.</param>
    /// <param name="module">Name of the module in the base model.</param>
    /// <param name="first">A: rank × inputs.</param>
    /// <param name="second">B: outputs × rank.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="isTransposed">Whether the product is wanted as inputs × outputs.</param>
    public AdapterProduct(ITensorSource adapter, string module, StoredTensor first, StoredTensor second, double scale, bool isTransposed)
    {
        this.adapter = adapter;
        this.first = first;
        this.second = second;
        this.scale = (float)scale;
        this.isTransposed = isTransposed;
        Module = module;
    }

    /// <summary>Name of the module in the base model.</summary>
    public string Module { get; }

    /// <summary>The rank.</summary>
    public long Rank => first.Shape[0];

    /// <summary>Rows of the product.</summary>
    public long Rows => isTransposed ? first.Shape[1] : second.Shape[0];

    /// <summary>Columns of the product.</summary>
    public long Columns => isTransposed ? second.Shape[0] : first.Shape[1];

    /// <summary>Bytes of both factors.</summary>
    public long StoredLength => first.StoredLength + second.StoredLength;

    /// <summary>Adds the values of one row, or of a part of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">First column.</param>
    /// <param name="destination">Values to which those of the row are added.</param>
    /// <exception cref="CheckpointException">The factors can no longer be read.</exception>
    public void AddRow(long row, int column, Span<float> destination)
    {
        var factors = Load();
        var (left, right) = isTransposed ? (factors.First, factors.Second) : (factors.Second, factors.First);
        var rank = (int)Rank;
        for (var k = 0; k < rank; k++)
        {
            // In a fixed order and without fused multiplication, so that every machine gives the same bits.
            var factor = scale * left[(k * (int)Rows) + (int)row];
            AddScaled(right.AsSpan((k * (int)Columns) + column, destination.Length), factor, destination);
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        var i = 0;
        var spread = new Vector<float>(factor);
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var product = new Vector<float>(source[i..]) * spread;
            (new Vector<float>(destination[i..]) + product).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            var product = source[i] * factor;
            destination[i] += product;
        }
    }

    private Factors Load()
    {
        lock (gate)
        {
            if (loaded is null || !loaded.TryGetTarget(out var factors))
            {
                var b = Decode(second);
                var (outputs, rank) = ((int)second.Shape[0], (int)Rank);
                var turned = new float[b.Length];
                for (var output = 0; output < outputs; output++)
                {
                    for (var k = 0; k < rank; k++)
                    {
                        turned[(k * outputs) + output] = b[(output * rank) + k];
                    }
                }

                factors = new Factors(Decode(first), turned);
                loaded = new WeakReference<Factors>(factors);
            }

            return factors;
        }
    }

    private float[] Decode(StoredTensor tensor)
    {
        var values = new float[tensor.Count];
        if (tensor.Type == ElementType.F32 && BitConverter.IsLittleEndian)
        {
            adapter.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        var bytes = new byte[tensor.Length];
        adapter.Read(tensor, 0, bytes);
        ElementDecoder.Decode(tensor.Type, bytes, values);
        return values;
    }

    private sealed record Factors(float[] First, float[] Second);
}
