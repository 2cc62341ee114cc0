using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Two-view agreement of layers of the suspect with layers of the reference.</summary>
/// <param name="Suspect">Layers of the suspect, the rows.</param>
/// <param name="Agreeing">Agreeing neurons, one row a layer of the suspect, one column a layer of the reference.</param>
/// <param name="Possible">Neurons that would agree if all came from there: those whose origin was read.</param>
/// <param name="Chance">Neurons that would agree by chance if both views named neurons at random: one, or as many as there are experts that may hold copies.</param>
internal sealed record LayerAgreement(IReadOnlyList<int> Suspect, int[][] Agreeing, int[][] Possible, double[][] Chance)
{
    /// <summary>Fewest neurons whose origin was read for which an expert may stand alone: the largest of 10⁴ counts that are 1 by chance is 8, an eighth of them.
    /// Smaller experts are judged together.</summary>
    public const int FewestAlone = 64;

    /// <summary>Agreeing share of a cell, at most 1; 0 when nothing could be matched.</summary>
    public double Share(int row, int layer) => Possible[row][layer] == 0 ? 0 : Math.Min(1, (double)Agreeing[row][layer] / Possible[row][layer]);

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

    /// <summary>Agreement of the best layer, weighted by its share and summed over rows: what maps compete by where they were fitted. Fitting alone raises the agreement of every layer a little, a right
    /// map that of inherited ones a lot; in a plain sum a few inherited layers drown.</summary>
    public double Weight => Enumerable.Range(0, Suspect.Count).Sum(row => Agreeing[row][Best(row)] * Share(row, Best(row)));

    /// <summary>Decimal log of a bound on the probability that chance alone reaches the count of a cell.</summary>
    public double Log10Chance(int row, int layer) => PoissonTail.Log10Bound(Agreeing[row][layer], Chance[row][layer]);

    /// <summary>Measures every pair of layers.</summary>
    /// <param name="suspect">Standardised MLPs of the suspect, by layer; several in a layer of experts.</param>
    /// <param name="reference">The reference, as read.</param>
    /// <param name="map">The residual map.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="fewest">For each layer of the reference, neurons that it counts with at least, where some were left out; null where all are there.</param>
    public static LayerAgreement Of(
        IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> suspect, AlignmentInput reference, ResidualMap map, int threads,
        CancellationToken cancellation, IReadOnlyList<int>? fewest = null)
    {
        var result = Empty([.. suspect.Select(layer => layer.Layer)], reference.Layers.Count);
        // Layers of the reference side by side: each is mapped once and let go.
        Parallel.For(0, reference.Layers.Count, SharedThreads.Options(threads, cancellation), layer =>
        {
            if (reference.Layers[layer].Pool is not { } pool)
            {
                return;
            }

            var mapped = StandardRows.Of(pool.Rows.In(map, 1));
            var largest = checked(suspect.SelectMany(row => row.Mlps).Select(mlp => mlp.Count).Append(0).Max() * mapped.Count);
            var scratch = (new float[largest], new float[largest]);
            for (var row = 0; row < suspect.Count && mapped.Count > 0; row++)
            {
                result.Measure(row, layer, suspect[row].Mlps, mapped, pool, fewest?[layer] ?? 0, scratch);
            }
        });
        return result;
    }

    /// <summary>No layer measured yet.</summary>
    /// <param name="suspect">Layers of the suspect.</param>
    /// <param name="layers">Number of layers of the reference.</param>
    public static LayerAgreement Empty(IReadOnlyList<int> suspect, int layers) => new(
        suspect, [.. suspect.Select(_ => new int[layers])], [.. suspect.Select(_ => new int[layers])], [.. suspect.Select(_ => new double[layers])]);

    /// <summary>Agreeing neurons that chance gives, see <see cref="Chance"/>.</summary>
    /// <param name="units">Neurons of the suspect.</param>
    /// <param name="among">Neurons of the reference.</param>
    /// <param name="pool">Where they come from.</param>
    public static double ChanceOf(int units, int among, NeuronPool pool) => (double)Math.Min(units, among) * pool.Count / among;

    // All judged experts together, or the one that agrees most: of experts a few may be inherited and the rest new. Controls choose in the same way.
    private void Measure(int row, int layer, IReadOnlyList<StandardRows> suspect, StandardRows mapped, NeuronPool pool, int fewest, (float[], float[]) scratch)
    {
        int agreeing = 0, best = 0, bestOf = 0;
        double common = 0, chance = 0, bestChance = 0;
        foreach (var one in suspect.Where(one => one.Count > 0))
        {
            var count = TwoViewMatch.Of(one, mapped, pool.Count > 1 ? pool.Mlps : null, scratch).Agreeing;
            double among = Math.Min(one.Count, Math.Max(mapped.Count, fewest));
            var random = ChanceOf(one.Count, mapped.Count, pool);
            (agreeing, common, chance) = (agreeing + count, common + among, chance + random);
            if (among >= FewestAlone && (bestOf == 0 || count / among > (double)best / bestOf))
            {
                (best, bestOf, bestChance) = (count, (int)Math.Round(among), random);
            }
        }

        var all = common > 0 ? Math.Max(1, (int)Math.Round(common)) : 0;
        (Agreeing[row][layer], Possible[row][layer], Chance[row][layer]) = bestOf > 0 && best * (double)all > agreeing * (double)bestOf
            ? (best, bestOf, bestChance) : (agreeing, all, chance);
    }
}
