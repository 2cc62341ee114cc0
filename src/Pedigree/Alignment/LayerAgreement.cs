using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Two-view agreement of layers of the suspect with layers of the reference.</summary>
/// <param name="Suspect">Layers of the suspect, the rows.</param>
/// <param name="Agreeing">Agreeing neurons, one row a layer of the suspect, one column a layer of the reference.</param>
/// <param name="Possible">Neurons that could have agreed: matched ones.</param>
/// <param name="Partners">For each cell and each MLP of the suspect's layer, the MLP of the reference's layer that it agrees with most: which expert came from which.</param>
internal sealed record LayerAgreement(IReadOnlyList<int> Suspect, int[][] Agreeing, int[][] Possible, int[][][] Partners)
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
        var result = Empty([.. suspect.Select(layer => layer.Layer)], reference.Layers.Count);
        // Layers of the reference side by side: each is mapped once and let go.
        Parallel.For(0, reference.Layers.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, layer =>
        {
            var mapped = reference.Layers[layer].Mlps.Select(mlp => StandardRows.Of(mlp.In(map, 1))).ToArray();
            var largest = suspect.SelectMany(row => row.Mlps).Select(mlp => mlp.Count).Append(0).Max() * mapped.Select(mlp => mlp.Count).Append(0).Max();
            var scratch = (new float[largest], new float[largest]);
            for (var row = 0; row < suspect.Count; row++)
            {
                result.Measure(row, layer, suspect[row].Mlps, mapped, scratch);
            }
        });
        return result;
    }

    /// <summary>No layer measured yet.</summary>
    /// <param name="suspect">Layers of the suspect.</param>
    /// <param name="layers">Number of layers of the reference.</param>
    public static LayerAgreement Empty(IReadOnlyList<int> suspect, int layers) => new(
        suspect, [.. suspect.Select(_ => new int[layers])], [.. suspect.Select(_ => new int[layers])],
        [.. suspect.Select(_ => Enumerable.Repeat(Array.Empty<int>(), layers).ToArray())]);

    // Among several MLPs (experts) the best pair stands for the layers; controls choose in the same way.
    private void Measure(int row, int layer, IReadOnlyList<StandardRows> suspect, StandardRows[] reference, (float[], float[]) scratch)
    {
        var partners = new int[suspect.Count];
        for (var one = 0; one < suspect.Count; one++)
        {
            var best = -1;
            for (var two = 0; two < reference.Length; two++)
            {
                if (suspect[one].Count == 0 || reference[two].Count == 0)
                {
                    continue;
                }

                var count = TwoViewMatch.Of(suspect[one], reference[two], scratch).Agreeing;
                var among = Math.Min(suspect[one].Count, reference[two].Count);
                if (count > best)
                {
                    (best, partners[one]) = (count, two);
                }

                if (Possible[row][layer] == 0 || count * (long)Possible[row][layer] > Agreeing[row][layer] * (long)among)
                {
                    (Agreeing[row][layer], Possible[row][layer]) = (count, among);
                }
            }
        }

        Partners[row][layer] = partners;
    }
}
