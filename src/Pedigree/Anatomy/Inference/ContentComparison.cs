namespace Pedigree.Anatomy.Inference;

/// <summary>Tells apart matrices of one shape by their content: one decision for all layers, the same whatever the tensors are called.</summary>
/// <remarks>At most 8 layers are looked at, and in each at most 96 rows × 1024 columns of a matrix.</remarks>
internal sealed class ContentComparison(WeightReader reader, bool transposed)
{
    private const int MostLayers = 8;
    private const int MostRows = 96;
    private const int MostColumns = 1024;
    private const double Level = 0.05;
    private const double SmallestMean = 0.25;

    private readonly Dictionary<LayerSlot, RowSample[]> _samples = [];

    /// <summary>Orders two matrices so that the one that reads the stream like <paramref name="others"/> comes first.</summary>
    public Decision ReadsLike(LayerSlot first, LayerSlot second, params IReadOnlyList<LayerSlot> others) => Decide(first, second,
        layer => Math.Log(others.Sum(other => Affinity(first, other, layer)) / others.Sum(other => Affinity(second, other, layer))));

    /// <summary>Orders two MLP inputs as gate and up: gate rows share a direction, because a neuron is mostly off; up rows have no preferred sign.</summary>
    public Decision GateThenUp(LayerSlot first, LayerSlot second) => Decide(first, second,
        layer => Math.Log(Sample(first, layer).CommonDirection() / Sample(second, layer).CommonDirection()));

    /// <summary>Orders two matrices by the spread of their row norms: keys have the larger one, because of rotary embeddings and sharp heads.</summary>
    public Decision BySpread(LayerSlot first, LayerSlot second) => Decide(first, second, layer => Math.Log(Spread(first, layer) / Spread(second, layer)));

    /// <summary>Puts the matrix that shares least with the others last: among inputs it is the output, because its rows read heads or neurons.</summary>
    public (IReadOnlyList<LayerSlot> Alike, LayerSlot Odd) OddOneOut(IReadOnlyList<LayerSlot> slots)
    {
        var odd = slots.MinBy(slot => Layers(slot).Sum(layer => slots.Where(other => other != slot).Sum(other => Math.Log(Affinity(slot, other, layer)))))!;
        return ([.. slots.Where(slot => slot != odd)], odd);
    }

    /// <summary>Orders matrices by mean row norm, largest first: a rule without meaning, but one that does not look at names.</summary>
    public IReadOnlyList<LayerSlot> ByNorm(IEnumerable<LayerSlot> slots) =>
        [.. slots.OrderByDescending(slot => Layers(slot).Sum(layer => Sample(slot, layer).LogNorms.Average()))];

    private static Decision Decide(LayerSlot first, LayerSlot second, Func<int, double> evidence)
    {
        var values = Layers(first).Select(evidence).ToArray();
        var mean = values.Average();
        if (!double.IsFinite(mean))
        {
            return new Decision(first, second, IsRobust: false);
        }

        var aligned = mean < 0 ? [.. values.Select(value => -value)] : values;
        var robust = Math.Abs(mean) >= SmallestMean && aligned.All(value => value > 0) && StudentTail.OfMean(aligned) <= Level;
        return mean < 0 ? new Decision(second, first, robust) : new Decision(first, second, robust);
    }

    private double Affinity(LayerSlot first, LayerSlot second, int layer) => RowSample.Affinity(Sample(first, layer), Sample(second, layer));

    private double Spread(LayerSlot slot, int layer)
    {
        var norms = Sample(slot, layer).LogNorms;
        var mean = norms.Average();
        return norms.Sum(norm => (norm - mean) * (norm - mean)) + 1e-12;
    }

    private static IEnumerable<int> Layers(LayerSlot slot) => Enumerable.Range(0, Math.Min(MostLayers, slot.Tensors.Count));

    private RowSample Sample(LayerSlot slot, int index)
    {
        if (!_samples.TryGetValue(slot, out var samples))
        {
            _samples[slot] = samples =
            [
                .. LayerSample.Of(slot.Tensors.Count, MostLayers)
                    .Select(layer => RowSample.Spread(reader, FirstMatrix(slot, layer), MostRows, MostColumns)),
            ];
        }

        return samples[index];
    }

    // Of stacked experts the first one speaks for all.
    private TensorView FirstMatrix(LayerSlot slot, int layer)
    {
        var (rows, columns) = ((int)slot.Shape[^2], (int)slot.Shape[^1]);
        var stored = new TensorView(slot.Tensors[layer], rows, columns, 0, columns, 1);
        return transposed ? stored.Transposed() : stored;
    }

    /// <summary>Two matrices in their order.</summary>
    /// <param name="First">The first of the two roles.</param>
    /// <param name="Second">The second.</param>
    /// <param name="IsRobust">Whether all layers agree clearly enough not to call the two interchangeable.</param>
    internal sealed record Decision(LayerSlot First, LayerSlot Second, bool IsRobust);
}
