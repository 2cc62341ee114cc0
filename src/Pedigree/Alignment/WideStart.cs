using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A residual map that large models are compared under. Unless it is that of <see cref="WideInvariants"/> it was fitted on no layer, so every layer may be judged under it.</summary>
/// <param name="Name">How it was had, as a phrase.</param>
/// <param name="Map">From the reference's basis to the suspect's; null for the basis as stored.</param>
internal sealed record WideStart(string Name, ResidualMap? Map)
{
    /// <summary>The starts: the basis as stored where widths are equal, and the map over shared tokens where there are any.</summary>
    /// <param name="suspect">Width of the suspect.</param>
    /// <param name="reference">Width of the reference.</param>
    /// <param name="words">See <see cref="VocabularyAlignment.Joined"/>.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyList<WideStart> Of(
        int suspect, int reference, IEnumerable<(float[] Reference, float[] Suspect)> words, int threads, CancellationToken cancellation)
    {
        var starts = new List<WideStart>();
        if (suspect == reference)
        {
            starts.Add(new WideStart("basis as stored", null));
        }

        if (VocabularyAlignment.Joined(reference, suspect, words, threads, cancellation) is { } map)
        {
            starts.Add(new WideStart("embeddings of shared tokens", map));
        }

        return starts;
    }

    /// <summary>Rows of the suspect in the basis of the reference.</summary>
    /// <param name="rows">count × d'.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>count × d.</returns>
    public float[] Back(float[] rows, int count, int threads)
    {
        if (Map is null)
        {
            return rows;
        }

        var result = new float[checked(count * Map.From)];
        ParallelProducts.Multiply(rows, count, ParallelProducts.Transposed(Map.Columns, Map.To, Map.From), Map.From, Map.To, result, threads);
        return result;
    }
}
