using Pedigree.Anatomy;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>What one layer consists of, and what was measured on it. Figures without a value are null.</summary>
/// <param name="Layer">Layer from 0.</param>
/// <param name="Parameters">Values of its matrices and vectors.</param>
/// <param name="Experts">Routed experts; 0 for a dense layer.</param>
/// <param name="AttentionGain">Mean of the norm gain before attention.</param>
/// <param name="MlpGain">Mean of the norm gain before the MLP.</param>
/// <param name="LargestBias">Largest absolute value of a bias; null without biases.</param>
/// <param name="BiasSpike">Largest ratio of the largest absolute value of a bias to its root mean square; null without biases.</param>
/// <param name="AttentionDeviation">Standard deviation of the attention matrices that were measured, all together; null if none was.</param>
/// <param name="MlpDeviation">The same for the MLP, experts included.</param>
/// <param name="Minimum">Smallest finite value in those matrices; null without any.</param>
/// <param name="Maximum">Largest finite value in those matrices; null without any.</param>
/// <param name="ZeroShare">Share of zeros in them; null if none was measured.</param>
/// <param name="NotFiniteShare">Share of values that are infinite or not a number; null if none was measured.</param>
public sealed record LayerFigures(
    int Layer, long Parameters, int Experts, double? AttentionGain, double? MlpGain, double? LargestBias, double? BiasSpike,
    double? AttentionDeviation, double? MlpDeviation, double? Minimum, double? Maximum, double? ZeroShare, double? NotFiniteShare)
{
    internal static IReadOnlyList<LayerFigures> OfAll(ModelAnatomy anatomy, IReadOnlyList<VectorFigures> vectors, IReadOnlyList<MeasuredTensor> tensors)
    {
        var roles = anatomy.Views.ToLookup(entry => entry.Key.Layer, entry => entry);
        var rolesOfTensor = anatomy.Views.ToLookup(entry => entry.Value.Tensor.Name, entry => entry.Key, StringComparer.Ordinal);
        var statistics = tensors.Where(tensor => tensor.Statistics is not null).ToDictionary(tensor => tensor.Tensor.Name, tensor => tensor.Statistics!, StringComparer.Ordinal);
        var vectorsOfLayer = vectors.ToLookup(vector => vector.Role.Layer);

        // A tensor that holds other parts too, or those of several layers, says nothing about these.
        TensorStatistics[] Measured(int layer, Func<Part, bool> isWanted) =>
            [.. roles[layer].Where(entry => isWanted(entry.Key.Part)).Select(entry => entry.Value.Tensor.Name).Distinct(StringComparer.Ordinal)
                .Where(name => statistics.ContainsKey(name) && rolesOfTensor[name].All(role => role.Layer == layer && isWanted(role.Part)))
                .Select(name => statistics[name])];

        return [.. Enumerable.Range(0, anatomy.Layers).Select(layer =>
        {
            var attention = Measured(layer, PartKinds.IsAttention);
            var mlp = Measured(layer, part => part is Part.Gate or Part.Up or Part.Down);
            TensorStatistics[] both = [.. attention, .. mlp];
            var all = both.Length == 0 ? null : FoldedStatistics.Of(both);
            double? Gain(Part part) => vectorsOfLayer[layer].FirstOrDefault(vector => vector.Role.Part == part)?.Mean;
            var biases = vectorsOfLayer[layer].Where(vector => vector.Role.Part == Part.Bias).ToArray();
            return new LayerFigures(
                layer, roles[layer].Sum(entry => entry.Value.Count), roles[layer].Where(entry => entry.Key.Expert >= 0).Select(entry => entry.Key.Expert).Distinct().Count(),
                Gain(Part.AttentionNorm), Gain(Part.MlpNorm), biases.Max(vector => vector.Largest), biases.Max(vector => vector.Spike),
                Pooled(attention), Pooled(mlp), all?.Minimum, all?.Maximum, all?.ZeroShare, all?.NotFiniteShare);
        })];
    }

    // Of all finite values together: the mean square, less the square of the mean.
    private static double? Pooled(TensorStatistics[] parts)
    {
        double count = 0, sum = 0, squares = 0;
        foreach (var part in parts)
        {
            if (part is { Mean: { } mean, Deviation: { } deviation })
            {
                var finite = part.Count * (1 - part.NotNumberShare - part.InfiniteShare);
                count += finite;
                sum += finite * mean;
                squares += finite * ((deviation * deviation) + (mean * mean));
            }
        }

        return count > 0 ? Math.Sqrt(Math.Max(0, (squares / count) - (sum / count * (sum / count)))) : null;
    }
}
