namespace Pedigree.Anatomy.Inference;

/// <summary>Pairs norm gains with their biases: of two vectors in one module, the gain is the one farther from 0.</summary>
internal static class Gains
{
    /// <summary>The norms among vectors of one length, by falling mean gain; modules with more than two vectors hold something else.</summary>
    public static IReadOnlyList<(LayerSlot Gain, LayerSlot? Bias)> Of(WeightReader reader, IEnumerable<LayerSlot> vectors)
    {
        var sizes = vectors.ToDictionary(slot => slot, slot => MeanSize(reader, slot));
        var modules = sizes.Keys.GroupBy(slot => slot.Module, StringComparer.Ordinal).Select(module => module.OrderByDescending(slot => sizes[slot]).ToArray()).ToArray();
        // Names without modules keep all vectors together.
        var norms = modules is [[var first, var second]]
            ? [(first, null), (second, null)]
            : modules.Where(module => module.Length <= 2).Select(module => (module[0], module.ElementAtOrDefault(1)));
        return [.. norms.OrderByDescending(norm => sizes[norm.Item1])];
    }

    private static double MeanSize(WeightReader reader, LayerSlot slot)
    {
        var sum = 0.0;
        var layers = LayerSample.Of(slot.Tensors.Count, 8);
        var values = new float[(int)Math.Min(slot.Shape[0], 4096)];
        foreach (var layer in layers)
        {
            reader.ReadRows(TensorView.Whole(slot.Tensors[layer]) with { Columns = values.Length }, 0, 1, values);
            sum += values.Sum(value => Math.Abs((double)value)) / values.Length;
        }

        return sum / layers.Count;
    }
}
