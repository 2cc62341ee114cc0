using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Reads rows of the same tokens of both models.</summary>
/// <param name="places">Positions among the shared tokens.</param>
/// <returns>places × d and places × d'.</returns>
internal delegate (float[] Reference, float[] Suspect) WordReader(int[] places);

/// <summary>The residual map over embeddings and unembeddings together (<see cref="VocabularyAlignment"/>), for models so large that a matrix of them is not held: rows pass by in pieces.</summary>
/// <param name="reference">Width d of the model whose rows will be mapped.</param>
/// <param name="suspect">Width d' of the model whose basis they are mapped to.</param>
/// <param name="tokens">Number of shared tokens.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class WideWords(int reference, int suspect, int tokens, int threads)
{
    /// <summary>Tokens of one piece.</summary>
    public const int Piece = 1024;

    // Tokens that are read, centred and turned together.
    private const int Block = 64;

    private readonly MapFit fit = new(reference, suspect, threads);
    private readonly int pieces = Math.Max(1, (tokens + Piece - 1) / Piece);

    /// <summary>Adds the rows of all tokens in one kind of matrix. Every piece is spread evenly over the vocabulary, so that the mean of the first is that of all, to a thirtieth of the
    /// spread.</summary>
    /// <param name="read">Reads them.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Add(WordReader read, CancellationToken cancellation)
    {
        var most = (tokens + pieces - 1) / pieces;
        var (one, two) = (new float[checked(reference * most)], new float[checked(suspect * most)]);
        double[][] means = [];
        for (var piece = 0; piece < pieces; piece++)
        {
            int[] places = [.. Enumerable.Range(0, tokens).Where(token => token % pieces == piece)];
            var blocks = new (float[] Reference, float[] Suspect)[(places.Length + Block - 1) / Block];
            Parallel.For(0, blocks.Length, SharedThreads.Options(threads, cancellation), i => blocks[i] = read(places[(i * Block)..Math.Min(places.Length, (i + 1) * Block)]));
            means = means.Length > 0 ? means : [Means([.. blocks.Select(block => block.Reference)], reference), Means([.. blocks.Select(block => block.Suspect)], suspect)];
            Parallel.For(0, blocks.Length, SharedThreads.Options(threads, cancellation), i =>
            {
                Turn(blocks[i].Reference, means[0], one, i * Block, places.Length);
                Turn(blocks[i].Suspect, means[1], two, i * Block, places.Length);
            });
            fit.AddColumns(one, two, places.Length);
        }
    }

    /// <summary>The map; null when there are no rows, or none that are finite.</summary>
    public ResidualMap? Map(CancellationToken cancellation) => fit.Map(cancellation);

    private static double[] Means(float[][] blocks, int width)
    {
        var sums = new double[width];
        foreach (var block in blocks)
        {
            for (var at = 0; at < block.Length; at += width)
            {
                for (var c = 0; c < width; c++)
                {
                    sums[c] += float.IsFinite(block[at + c]) ? block[at + c] : 0;
                }
            }
        }

        return Array.ConvertAll(sums, sum => sum / Math.Max(1, blocks.Sum(block => block.Length / width)));
    }

    // Rows centred and of length 1, as columns of a matrix.
    private static void Turn(float[] rows, double[] means, float[] columns, int first, int stride)
    {
        var width = means.Length;
        var count = rows.Length / width;
        for (var at = 0; at < rows.Length; at += width)
        {
            for (var c = 0; c < width; c++)
            {
                rows[at + c] = float.IsFinite(rows[at + c]) ? (float)(rows[at + c] - means[c]) : 0;
            }
        }

        Standardisation.Rows(rows, count, width, new double[count]);
        for (var c = 0; c < width; c++)
        {
            for (var r = 0; r < count; r++)
            {
                columns[(c * stride) + first + r] = rows[(r * width) + c];
            }
        }
    }
}
