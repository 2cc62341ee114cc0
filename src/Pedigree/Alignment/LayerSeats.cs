using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Which neurons of a layer an alignment reads. A dense layer gives as many as the layer may. Of a layer of experts, the reference gives a few neurons of every
/// expert, for an origin may be in any of them; the suspect gives many neurons of a few experts, drawn by seed, for those need an origin, and a few of the others, for their moments.</summary>
/// <param name="PerLayer">Neurons of a layer, before rounding.</param>
internal readonly record struct LayerSeats(int PerLayer)
{
    private const ulong SeatStream = 0x616c69676e6d6c70;
    private const ulong ExpertStream = 0x657870727473;

    // Matching holds two matrices of similarities: 4,096² floats are 64 MiB each.
    private const int Most = 4096;

    // Of a layer of experts twice as many, so that 256 experts still give 32 neurons each.
    private const int MostOfExperts = 8192;

    private const int FewestJudged = 2;

    // The largest of 10⁴ counts that are 1 by chance is 8: 3 % of so many neurons, which is what the controls reach.
    private const int FewestJudgedNeurons = 256;

    /// <summary>The most that is worth asking for.</summary>
    public static int MostOf(IReadOnlyList<(int Expert, int Neurons)> one, IReadOnlyList<(int Expert, int Neurons)> two) =>
        Math.Max(MostOf(one), MostOf(two));

    /// <summary>Neurons read of an MLP that is not judged: its share of those of the layer.</summary>
    /// <param name="sizes">Experts of the layer with their neurons.</param>
    /// <param name="neurons">Neurons of this one.</param>
    public int OfEach(IReadOnlyList<(int Expert, int Neurons)> sizes, int neurons) =>
        Rounded(neurons, sizes.Count <= 1 ? Math.Min(PerLayer, Most) : (int)Math.Ceiling((double)PerLayer * neurons / sizes.Sum(size => (long)size.Neurons)));

    /// <summary>Neurons read of an MLP whose origin is looked for.</summary>
    /// <param name="neurons">Neurons that it has.</param>
    public int OfJudged(int neurons) => Rounded(neurons, Math.Min(PerLayer, Most));

    /// <summary>The seats of an MLP: fewer of them are part of more.</summary>
    /// <param name="expert">The expert; each has seats of its own, so that copies of one MLP do not all show the same neurons.</param>
    /// <param name="neurons">Neurons that it has.</param>
    /// <param name="wanted">Neurons to read.</param>
    /// <param name="seed">The comparison's seed.</param>
    public static int[] Draw(int expert, int neurons, int wanted, ulong seed) =>
        SeatSample.Draw(neurons, wanted, seed, expert < 0 ? SeatStream : CounterRandom.Mix(SeatStream, (ulong)expert));

    /// <summary>The MLPs whose origin is looked for: the dense one or the shared one, and routed experts drawn without looking at content.</summary>
    /// <param name="sizes">Experts of the layer with their neurons.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="seed">The comparison's seed.</param>
    public int[] Judged(IReadOnlyList<(int Expert, int Neurons)> sizes, int layer, ulong seed)
    {
        int[] routed = [.. sizes.Select(size => size.Expert).Where(expert => expert >= 0)];
        var order = new CounterRandom(seed, CounterRandom.Mix(CounterRandom.Mix(ExpertStream, (ulong)routed.Length), (ulong)layer)).Permutation(routed.Length);
        return [.. sizes.Select(size => size.Expert).Where(expert => expert < 0), .. order.Take(Drawn(sizes)).Select(i => routed[i])];
    }

    /// <summary>Neurons of all MLPs whose origin is looked for, at most.</summary>
    /// <param name="sizes">Experts of the layer with their neurons.</param>
    public long RowsOfJudged(IReadOnlyList<(int Expert, int Neurons)> sizes)
    {
        var rows = 0L;
        foreach (var (_, neurons) in ThoseJudged(sizes))
        {
            rows += OfJudged(neurons);
        }

        return rows;
    }

    /// <summary>Neurons of the judged MLPs whose origin is expected to be read, if all came from the reference's layer and no order was kept.</summary>
    /// <param name="suspect">Experts of the suspect's layer with their neurons.</param>
    /// <param name="reference">Experts of the reference's layer with their neurons.</param>
    public double Common(IReadOnlyList<(int Expert, int Neurons)> suspect, IReadOnlyList<(int Expert, int Neurons)> reference)
    {
        double read = 0, total = 0, common = 0;
        foreach (var (_, neurons) in reference)
        {
            (read, total) = (read + OfEach(reference, neurons), total + neurons);
        }

        foreach (var (_, neurons) in ThoseJudged(suspect))
        {
            double seats = OfJudged(neurons);
            common += total == 0 ? 0 : Math.Min(seats * read / total, read * seats / neurons);
        }

        return common;
    }

    private static int MostOf(IReadOnlyList<(int Expert, int Neurons)> sizes) =>
        (int)Math.Clamp(sizes.Sum(size => (long)size.Neurons), 1, sizes.Count > 1 ? MostOfExperts : Most);

    private static IEnumerable<(int Expert, int Neurons)> ThoseJudged(IReadOnlyList<(int Expert, int Neurons)> sizes) =>
        [.. sizes.Where(size => size.Expert < 0), .. sizes.Where(size => size.Expert >= 0).OrderByDescending(size => size.Neurons).Take(Drawn(sizes))];

    // Enough experts for their neurons to be judged together where they are small.
    private static int Drawn(IReadOnlyList<(int Expert, int Neurons)> sizes)
    {
        var smallest = sizes.Where(size => size.Expert >= 0).Select(size => size.Neurons).DefaultIfEmpty(FewestJudgedNeurons).Min();
        return Math.Max(FewestJudged, (FewestJudgedNeurons + smallest - 1) / Math.Max(1, smallest));
    }

    private static int Rounded(int neurons, int wanted) =>
        wanted >= neurons ? neurons : Math.Min(neurons, (Math.Max(1, wanted) + SeatSample.Run - 1) / SeatSample.Run * SeatSample.Run);
}
