using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Which MLPs of a layer have their origin looked for: the dense one and the shared one, and of routed experts a few, drawn by seed and without looking at content.</summary>
internal static class JudgedExperts
{
    private const ulong ExpertStream = 0x657870727473;

    private const int Fewest = 2;

    // The largest of 10⁴ counts that are 1 by chance is 8: 3 % of so many neurons, which is what the controls reach.
    private const int FewestNeurons = 256;

    /// <summary>The experts.</summary>
    /// <param name="sizes">Experts of the layer with their neurons.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="seed">The comparison's seed.</param>
    public static int[] Of(IReadOnlyList<(int Expert, int Neurons)> sizes, int layer, ulong seed)
    {
        int[] routed = [.. sizes.Select(size => size.Expert).Where(expert => expert >= 0)];
        var order = new CounterRandom(seed, CounterRandom.Mix(CounterRandom.Mix(ExpertStream, (ulong)routed.Length), (ulong)layer)).Permutation(routed.Length);
        return [.. sizes.Select(size => size.Expert).Where(expert => expert < 0), .. order.Take(Drawn(sizes)).Select(i => routed[i])];
    }

    /// <summary>Neurons of all of them, at most.</summary>
    /// <param name="sizes">Experts of the layer with their neurons.</param>
    public static long Neurons(IReadOnlyList<(int Expert, int Neurons)> sizes) => sizes.Where(size => size.Expert < 0)
        .Concat(sizes.Where(size => size.Expert >= 0).OrderByDescending(size => size.Neurons).Take(Drawn(sizes))).Sum(size => (long)size.Neurons);

    // Enough experts for their neurons to be judged together where they are small.
    private static int Drawn(IReadOnlyList<(int Expert, int Neurons)> sizes)
    {
        var smallest = sizes.Where(size => size.Expert >= 0).Select(size => size.Neurons).DefaultIfEmpty(FewestNeurons).Min();
        return Math.Max(Fewest, (FewestNeurons + smallest - 1) / Math.Max(1, smallest));
    }
}
