using Pedigree.Anatomy;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>Norm gains or biases of one kind in all layers.</summary>
/// <param name="Part">What they are; <see cref="Part.Bias"/> for a bias.</param>
/// <param name="BiasOf">For a bias, the part that it is added to.</param>
/// <param name="Layers">The layers that have one, ascending; empty outside the layers.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Mean">The means of each; null if no vector is finite.</param>
/// <param name="Largest">The largest absolute value of all; null if no vector is finite.</param>
/// <param name="Spike">The largest ratio of the largest absolute value of a vector to its root mean square; null without any.</param>
/// <param name="SpikeLayer">The layer of that vector, -1 outside the layers; null without any.</param>
public sealed record VectorSummary(
    Part Part, Part? BiasOf, IReadOnlyList<int> Layers, int Count, FigureRange? Mean, double? Largest, double? Spike, int? SpikeLayer)
{
    /// <summary>Puts the vectors of one kind together, in the order of the first of each.</summary>
    internal static IReadOnlyList<VectorSummary> OfAll(IReadOnlyList<VectorFigures> vectors) =>
        [.. vectors.GroupBy(vector => (vector.Role.Part, vector.Role.BiasOf, IsOfLayer: vector.Role.Layer >= 0)).OrderBy(group => group.Key.Part).ThenBy(group => group.Key.BiasOf).Select(group =>
        {
            var spike = group.Where(vector => vector.Spike is not null).MaxBy(vector => vector.Spike);
            return new VectorSummary(
                group.Key.Part, group.Key.BiasOf, [.. group.Select(vector => vector.Role.Layer).Where(layer => layer >= 0).Distinct().Order()], group.Count(),
                FigureRange.Of(group.Select(vector => vector.Mean)), group.Max(vector => vector.Largest), spike?.Spike, spike?.Role.Layer);
        })];
}

/// <summary>The least and the most of several figures.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
public sealed record FigureRange(double Least, double Most)
{
    /// <summary>The range of those figures that have a value; null without any.</summary>
    internal static FigureRange? Of(IEnumerable<double?> figures)
    {
        var known = figures.Where(figure => figure is not null).Select(figure => figure!.Value).ToArray();
        return known.Length == 0 ? null : new FigureRange(known.Min(), known.Max());
    }
}
