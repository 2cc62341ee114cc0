using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Finds the residual map from the embeddings and unembeddings of tokens that both models have: the orthogonal Procrustes problem over tokens.</summary>
/// <remarks>
/// Rows are centred, because a shared mean direction would dominate, and brought to length 1, because the length of an embedding follows the frequency of
/// its token. What the map agrees on over these tokens is no evidence (methods 5.4): two unrelated models of one vocabulary can be mapped onto each
/// other by meaning. Evidence comes from matrices that took no part.
/// </remarks>
internal static class VocabularyAlignment
{
    private const ulong TokenStream = 0x616c69676e;

    /// <summary>Fewest tokens a dimension: the polar factor needs one; two keep noise from filling directions that few tokens use.</summary>
    public const int RowsPerDimension = 2;

    /// <summary>More tokens than this many a dimension add little.</summary>
    public const int MostRowsPerDimension = 4;

    /// <summary>Tokens whose rows are read: drawn by seed from the shared ones.</summary>
    /// <param name="shared">Number of shared tokens.</param>
    /// <param name="width">Width of the narrower model.</param>
    /// <param name="most">Most tokens that may be read.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <returns>Ascending positions among the shared tokens; empty when there are too few for a map.</returns>
    public static int[] Tokens(int shared, int width, int most, ulong seed) =>
        Math.Min(shared, most) < RowsPerDimension * width ? [] : SeatSample.Draw(shared, Math.Min(shared, most), seed, TokenStream);

    /// <summary>The maps that can be had: from embeddings, from unembeddings, from both; empty when too few tokens are shared.</summary>
    /// <param name="reference">The model whose rows will be mapped.</param>
    /// <param name="suspect">The model whose basis they are mapped to, with rows of the same tokens.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyList<(string Name, ResidualMap Map)> Of(AlignmentInput reference, AlignmentInput suspect, int threads, CancellationToken cancellation)
    {
        var maps = new List<(string, ResidualMap)>(3);
        var both = new MapFit(reference.Width, suspect.Width, threads);
        foreach (var (name, one, two) in new[]
        {
            ("embeddings", reference.Embedding, suspect.Embedding), ("unembeddings", reference.Unembedding, suspect.Unembedding),
        })
        {
            if (one is null || two is null)
            {
                continue;
            }

            var tokens = one.Length / reference.Width;
            var (first, second) = (Prepared(one, tokens, reference.Width), Prepared(two, tokens, suspect.Width));
            var alone = new MapFit(reference.Width, suspect.Width, threads);
            alone.Add(first, second, tokens);
            both.Add(first, second, tokens);
            if (alone.Map(cancellation) is { } map)
            {
                maps.Add((name, map));
            }
        }

        if (maps.Count == 2 && both.Map(cancellation) is { } joined)
        {
            maps.Add(("embeddings and unembeddings", joined));
        }

        return maps;
    }

    private static float[] Prepared(float[] stored, int rows, int width)
    {
        float[] values = [.. stored];
        Standardisation.CentreColumns(values, rows, width);
        Standardisation.Rows(values, rows, width, new double[rows]);
        return values;
    }
}
