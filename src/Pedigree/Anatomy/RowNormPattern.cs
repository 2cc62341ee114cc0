namespace Pedigree.Anatomy;

/// <summary>Whether row norms follow a pattern along the head: rotary embeddings give each place in a head its own typical norm.</summary>
internal static class RowNormPattern
{
    private const int Permutations = 399;

    /// <summary>The smallest probability that so many permutations can show.</summary>
    public const double SmallestProbability = 1.0 / (Permutations + 1);

    /// <summary>Probability, if heads were <paramref name="piece"/> rows long and their order meaningless, that the places of a pattern
    /// <paramref name="times"/> as long would differ as much as they do; 1 without enough rows. A permutation test, exact to 1/400.</summary>
    public static double RepeatsOnlyAfter(IReadOnlyList<HeadRows> samples, int piece, int times)
    {
        var profiles = samples.Select(sample => Profiles(sample, piece)).Where(blocks => blocks.Length >= times).ToArray();
        if (profiles.Length == 0)
        {
            return 1;
        }

        var orders = profiles.Select(blocks => Enumerable.Range(0, blocks.Length).ToArray()).ToArray();
        var observed = Difference(profiles, orders, piece, times);
        var random = new Random(20250701);
        var reached = 1;
        for (var round = 0; round < Permutations; round++)
        {
            foreach (var order in orders)
            {
                random.Shuffle(order);
            }

            reached += Difference(profiles, orders, piece, times) >= observed ? 1 : 0;
        }

        return reached / (Permutations + 1.0);
    }

    private static double[][] Profiles(HeadRows sample, int piece)
    {
        var blocks = new double[sample.Rows / piece][];
        for (var block = 0; block < blocks.Length; block++)
        {
            var norms = sample.LogNorms.Skip(block * piece).Take(piece).ToArray();
            var mean = norms.Average();
            blocks[block] = [.. norms.Select(norm => norm - mean)];
        }

        return blocks;
    }

    private static double Difference(double[][][] profiles, int[][] orders, int piece, int times)
    {
        var sums = new double[times * piece];
        var counts = new int[times];
        for (var sample = 0; sample < profiles.Length; sample++)
        {
            for (var block = 0; block < profiles[sample].Length; block++)
            {
                var place = block % times;
                counts[place]++;
                var profile = profiles[sample][orders[sample][block]];
                for (var i = 0; i < piece; i++)
                {
                    sums[(place * piece) + i] += profile[i];
                }
            }
        }

        var total = 0.0;
        for (var place = 0; place < times; place++)
        {
            for (var i = 0; i < piece; i++)
            {
                total += sums[(place * piece) + i] * sums[(place * piece) + i] / counts[place];
            }
        }

        return total;
    }
}
