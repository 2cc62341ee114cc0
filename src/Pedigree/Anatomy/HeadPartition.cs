namespace Pedigree.Anatomy;

/// <summary>Whether pieces of a supposed head are more alike inside than across, measured against all orders of its rows.</summary>
/// <remarks>
/// The rows of a value head, and the columns of the output that read it, are exchangeable: a start draws them alike, and any rotation among them leaves the function alone, so
/// training treats them alike. If a block of rows is one head, any order of its rows was as likely as the one stored, and a partition into pieces is a random one. The first two moments of
/// the difference of means under all orders are those of Mantel (Cancer Research 27, 1967, 209-220); the sum over many blocks is near normal. Queries and keys have no such
/// property where rotary embeddings act: each place has a frequency of its own, and places of one speed resemble each other in every head of every model.
/// </remarks>
internal static class HeadPartition
{
    // Two random rows of d values reach this squared cosine with probability below 0.1^((d - 1)/2): 1e-31 at 64.
    private const float Copy = 0.9f;

    /// <summary>Standard score of (mean squared cosine inside pieces of <paramref name="piece"/> rows − mean across pieces) in one block; null where the partition is trivial or the
    /// order of rows makes no difference. Dead rows and copies are left out.</summary>
    /// <param name="squares">Squared cosines, n × n; 0 on the diagonal for a dead row.</param>
    /// <param name="rows">n, and the stride of <paramref name="squares"/>.</param>
    /// <param name="start">First row of the block.</param>
    /// <param name="length">Rows of the block.</param>
    /// <param name="piece">Rows of a piece; pieces are counted from the first row of all, so that a block may begin or end inside one.</param>
    public static double? Score(ReadOnlySpan<float> squares, int rows, int start, int length, int piece)
    {
        var kept = Kept(squares, rows, start, length);
        var (inside, across) = Pairs(kept, piece);
        if (inside == 0 || across == 0 || kept.Length < 4)
        {
            return null;
        }

        var (within, between) = (1.0 / inside, -1.0 / across);
        double observed = 0, sum = 0, sumOfSquares = 0, marginals = 0, weightMarginals = 0;
        foreach (var i in kept)
        {
            var row = squares.Slice(i * rows, rows);
            double marginal = 0, weightMarginal = 0;
            foreach (var j in kept)
            {
                if (i == j)
                {
                    continue;
                }

                double value = row[j];
                marginal += value;
                sumOfSquares += value * value;
                var weight = i / piece == j / piece ? within : IsCounted(i, j, piece) ? between : 0;
                observed += weight * value;
                weightMarginal += weight;
            }

            sum += marginal;
            marginals += marginal * marginal;
            weightMarginals += weightMarginal * weightMarginal;
        }

        // The weights add up to 0, so the mean over all orders is 0 and the products of whole sums vanish.
        var weightSquares = (2.0 / inside) + (2.0 / across);
        double n = kept.Length;
        var variance = (2 * sumOfSquares * weightSquares / (n * (n - 1)))
            + (4 * (marginals - sumOfSquares) * (weightMarginals - weightSquares) / (n * (n - 1) * (n - 2)))
            + (((sum * sum) + (2 * sumOfSquares) - (4 * marginals)) * ((2 * weightSquares) - (4 * weightMarginals)) / (n * (n - 1) * (n - 2) * (n - 3)));
        return variance > 0 ? observed / Math.Sqrt(variance) : null;
    }

    // The same place in two pieces is left out: query heads of one KV group read the same value row, and their columns resemble each other place by place.
    private static bool IsCounted(int i, int j, int piece) => (j - i) % piece != 0;

    // Dead rows and copies of earlier ones are no draws of their own: padding stands at the end of each head, copies side by side, and either would look like a piece.
    private static int[] Kept(ReadOnlySpan<float> squares, int rows, int start, int length)
    {
        var kept = new List<int>(length);
        for (var i = start; i < start + length; i++)
        {
            var row = squares.Slice(i * rows, rows);
            var isOwn = row[i] > 0;
            for (var at = 0; at < kept.Count && isOwn; at++)
            {
                isOwn = row[kept[at]] < Copy;
            }

            if (isOwn)
            {
                kept.Add(i);
            }
        }

        return [.. kept];
    }

    // Unordered pairs inside pieces, and counted ones across; the sums above visit each pair twice, so each weight belongs to a pair of ordered ones.
    private static (double Inside, double Across) Pairs(int[] kept, int piece)
    {
        long inside = 0, across = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            for (var j = i + 1; j < kept.Length; j++)
            {
                if (kept[i] / piece == kept[j] / piece)
                {
                    inside++;
                }
                else if (IsCounted(kept[i], kept[j], piece))
                {
                    across++;
                }
            }
        }

        return (inside, across);
    }
}
