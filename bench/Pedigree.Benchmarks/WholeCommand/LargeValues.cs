using Pedigree.Numerics;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>Values of a synthetic model: a function of model, tensor and place, so that any part can be made at any time.</summary>
/// <param name="model">Number of the model; other numbers give independent models.</param>
/// <param name="parent">Number of the model that it was made from, or null.</param>
internal sealed class LargeValues(ulong model, ulong? parent)
{
    /// <summary>Values that are made at once.</summary>
    public const int Chunk = 2048;

    // Row cosine with the parent, as after heavy continued pretraining.
    private const double Kept = 0.7;

    // Rows of one head share directions, as trained ones do; without that no layout of heads could be established.
    private const int Directions = 4;

    /// <summary>Fills a chunk of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="chunk">Number of the chunk.</param>
    /// <param name="values">Receives the values of the chunk.</param>
    public void Fill(LargeTensor tensor, long chunk, Span<float> values)
    {
        Own(model, tensor, chunk, values);
        if (parent is { } origin)
        {
            Span<float> inherited = stackalloc float[values.Length];
            Own(origin, tensor, chunk, inherited);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)((Kept * inherited[i]) + (Math.Sqrt(1 - (Kept * Kept)) * values[i]));
            }
        }

        var gain = tensor.Shape.Length == 1 && tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = gain ? 1 + (0.1f * values[i]) : 0.02f * values[i];
        }
    }

    private static void Own(ulong model, LargeTensor tensor, long chunk, Span<float> values)
    {
        var stream = Stream(tensor.Name);
        var random = new CounterRandom(model, CounterRandom.Mix(stream, (ulong)chunk));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        for (var i = 0; tensor.Head > 0 && i < values.Length; i++)
        {
            var place = (chunk * Chunk) + i;
            var (row, column) = (place / tensor.Columns, place % tensor.Columns);
            var shared = 0.0;
            for (var direction = 0; direction < Directions; direction++)
            {
                shared += Draw(model, stream, (row * Directions) + direction) * Draw(model, ~stream, (((row / tensor.Head * Directions) + direction) * tensor.Columns) + column);
            }

            values[i] = (float)((0.7 * values[i]) + (0.7 * shared / Math.Sqrt(Directions)));
        }
    }

    private static double Draw(ulong model, ulong stream, long index) => new CounterRandom(model, CounterRandom.Mix(stream, (ulong)index)).NextGaussian();

    private static ulong Stream(string name) => name.Aggregate(14695981039346656037UL, (hash, letter) => unchecked((hash ^ letter) * 1099511628211UL));
}
