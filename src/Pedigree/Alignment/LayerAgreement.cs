using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Two-view agreement of layers of the suspect with layers of the reference.</summary>
/// <param name="Suspect">Layers of the suspect, the rows.</param>
/// <param name="Agreeing">Agreeing neurons, one row a layer of the suspect, one column a layer of the reference.</param>
/// <param name="Possible">Neurons that could have agreed: matched ones.</param>
internal sealed record LayerAgreement(IReadOnlyList<int> Suspect, int[][] Agreeing, int[][] Possible)
{
    /// <summary>Agreeing share of a cell; 0 when nothing could be matched.</summary>
    public double Share(int row, int layer) => Possible[row][layer] == 0 ? 0 : (double)Agreeing[row][layer] / Possible[row][layer];

    /// <summary>The layer of the reference that a row agrees with most; the lower one among equals.</summary>
    public int Best(int row)
    {
        var best = 0;
        for (var layer = 1; layer < Agreeing[row].Length; layer++)
        {
            best = Share(row, layer) > Share(row, best) ? layer : best;
        }

        return best;
    }

    /// <summary>Agreement of the best layer, summed over rows.</summary>
    public int Total => Enumerable.Range(0, Suspect.Count).Sum(row => Agreeing[row][Best(row)]);

    /// <summary>Measures every pair of layers.</summary>
    /// <param name="suspect">Standardised MLPs of the suspect, by layer; several in a layer of experts.</param>
    /// <param name="reference">The reference, as read.</param>
    /// <param name="map">The residual map.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LayerAgreement Of(
        IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> suspect, AlignmentInput reference, ResidualMap map, int threads,
        CancellationToken cancellation)
    {
        var agreeing = suspect.Select(_ => new int[reference.Layers.Count]).ToArray();
        var possible = suspect.Select(_ => new int[reference.Layers.Count]).ToArray();
        // Layers of the reference side by side: each is mapped once and let go.
        Parallel.For(0, reference.Layers.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, layer =>
        {
            var mapped = reference.Layers[layer].Mlps.Select(mlp => StandardRows.Of(mlp.In(map, 1))).ToArray();
            for (var row = 0; row < suspect.Count; row++)
            {
                // Among several MLPs (experts) the best pair stands for the layers; controls choose in the same way.
                foreach (var one in suspect[row].Mlps)
                {
                    foreach (var two in mapped.Where(two => two.Count > 0 && one.Count > 0))
                    {
                        var size = checked(one.Count * two.Count);
                        var match = TwoViewMatch.Of(one, two, (new float[size], new float[size]));
                        var (count, among) = (match.Agreeing, Math.Min(one.Count, two.Count));
                        if (possible[row][layer] == 0 || count * (long)possible[row][layer] > agreeing[row][layer] * (long)among)
                        {
                            (agreeing[row][layer], possible[row][layer]) = (count, among);
                        }
                    }
                }
            }
        });
        return new LayerAgreement([.. suspect.Select(layer => layer.Layer)], agreeing, possible);
    }
}
