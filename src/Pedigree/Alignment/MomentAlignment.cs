using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Finds the residual map without a vocabulary, from second moments of weight matrices (methods 17.3b, corrected): WᵀW of a matrix that reads the stream
/// does not change when its rows are permuted, mixed orthogonally or change sign, and turns with the residual basis.</summary>
/// <remarks>
/// One moment a kind of matrix, summed over layers, so that no layer map is needed. Each is scaled to Frobenius norm 1 and made traceless. U ← polar(Σ P U Q) increases
/// Σ tr(P U Q Uᵀ) at every step, P and Q being the moments in the bases of the leading eigenvectors of their sums. It ends in the next of many maxima, so it goes from coarse to fine: on the
/// <see cref="Coarse"/> leading eigenvectors, which noise blurs least, it is begun from many starts, and the best end is carried on to more and more vectors. The first start pairs eigenvectors in order of
/// eigenvalue, with the signs of the leading eigenvector of Σ P∘Q; the others have random signs or are random altogether. Moments do not tell U from -U, so both are given back.
/// The work is done on the <see cref="MostVectors"/> leading eigenvectors: the others are nearly degenerate and their pairing is noise.
/// </remarks>
internal static class MomentAlignment
{
    /// <summary>Leading eigenvectors, usually.</summary>
    public const int MostVectors = 512;

    /// <summary>Rounds of the iteration; it is settled after about half of them.</summary>
    public const int Rounds = 60;

    /// <summary>Leading eigenvectors on which many starts compete.</summary>
    public const int Coarse = 24;

    private const int Starts = 60;
    private const int CoarseRounds = 30;

    // From coarse to fine: each time half as many vectors again, and so many rounds, of which the last ones hardly change anything.
    private const int FinerRounds = 20;

    // A map is no evidence: where it begins need not depend on the models.
    private const ulong Seed = 0x6d6f6d656e74;

    /// <summary>The two maps, U and -U, from moments of either model; empty when they have no kind in common.</summary>
    /// <param name="reference">Moments of the reference, d × d each.</param>
    /// <param name="suspect">Moments of the suspect, d' × d' each.</param>
    /// <param name="rounds">Rounds, usually <see cref="Rounds"/>.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="most">Leading eigenvectors to work on at most.</param>
    public static IReadOnlyList<(string Name, ResidualMap Map)> Of(
        SecondMoments reference, SecondMoments suspect, int rounds, int threads, CancellationToken cancellation, int most = MostVectors)
    {
        var kinds = reference.Kinds.Intersect(suspect.Kinds, StringComparer.Ordinal).ToArray();
        if (kinds.Length == 0)
        {
            return [];
        }

        var (width, otherWidth) = (reference.Width, suspect.Width);
        var count = Math.Min(most, Math.Min(width, otherWidth));
        var (basis, p) = reference.Leading(kinds, count, threads, cancellation);
        var (otherBasis, q) = suspect.Leading(kinds, count, threads, cancellation);

        // map[i, j]: image of the reference's j-th vector along the suspect's i-th.
        if (Begun(p, q, count, threads, cancellation) is not { } map)
        {
            return [];
        }

        for (var size = (int)Math.Sqrt(map.Length); size < count;)
        {
            var next = Math.Min(count, size * 3 / 2);
            if (Settled(Resized(map, size, next), Cut(p, count, next), Cut(q, count, next), next, next == count ? rounds : FinerRounds, threads, cancellation) is not { } finer)
            {
                return [];
            }

            (map, size) = (finer, next);
        }

        // Back to coordinates: Columns = otherBasisᵀ · map · basis.
        var right = new float[count * width];
        ParallelProducts.Multiply(map, count, ParallelProducts.Transposed(basis, count, width), width, count, right, threads);
        var columns = new float[checked(otherWidth * width)];
        ParallelProducts.Multiply(
            ParallelProducts.Transposed(otherBasis, count, otherWidth), otherWidth, ParallelProducts.Transposed(right, count, width), width, count, columns, threads);
        var found = new ResidualMap(width, otherWidth, columns);
        return [("second moments", found), ("second moments, other sign", found.Negated())];
    }

    // The best of many starts on the leading vectors.
    private static float[]? Begun(float[][] p, float[][] q, int count, int threads, CancellationToken cancellation)
    {
        var size = Math.Min(Coarse, count);
        var (one, two) = (Cut(p, count, size), Cut(q, count, size));
        var signs = Signs(one, two, size);
        var ends = new (double Value, float[] Map)?[Starts];
        Parallel.For(0, Starts, SharedThreads.Options(threads, cancellation), start =>
        {
            var random = new CounterRandom(Seed, (ulong)start);
            var map = new float[size * size];
            for (var i = 0; i < map.Length; i++)
            {
                map[i] = start % 2 == 1 ? (float)random.NextGaussian() : i % (size + 1) > 0 ? 0 : start == 0 ? signs[i / size] : random.NextInt(2) == 0 ? 1 : -1;
            }

            if (OrthogonalFactor.Of(map, size, size, 1, cancellation) is { } begun && Settled(begun, one, two, size, CoarseRounds, 1, cancellation) is { } end)
            {
                ends[start] = (Value(end, one, two, size), end);
            }
        });
        (double Value, float[] Map)? best = null;
        foreach (var end in ends)
        {
            best = end is { } found && (best is null || found.Value > best.Value.Value) ? found : best;
        }

        return best?.Map;
    }

    private static float[]? Settled(float[] map, float[][] p, float[][] q, int size, int rounds, int threads, CancellationToken cancellation)
    {
        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (OrthogonalFactor.Of(Product(map, p, q, size, threads), size, size, threads, cancellation) is not { } next)
            {
                return null;
            }

            map = next;
        }

        return map;
    }

    // Σ Q·M·P with symmetric P and Q: products of rows throughout, M·P first.
    private static float[] Product(float[] map, float[][] p, float[][] q, int size, int threads)
    {
        var sum = new float[size * size];
        var half = new float[size * size];
        for (var t = 0; t < p.Length; t++)
        {
            ParallelProducts.Multiply(map, size, p[t], size, size, half, threads);
            ParallelProducts.Multiply(q[t], size, ParallelProducts.Transposed(half, size, size), size, size, sum, threads, accumulate: t > 0);
        }

        return sum;
    }

    private static double Value(float[] map, float[][] p, float[][] q, int size) => FixedOrderSum.Products(map, Product(map, p, q, size, 1));

    // The leading part of each moment.
    private static float[][] Cut(float[][] moments, int count, int size) => size == count ? moments : [.. moments.Select(moment => Resized(moment, count, size))];

    // The leading part of a square matrix, or the matrix as the leading part of a larger one that is zero elsewhere.
    private static float[] Resized(float[] matrix, int count, int size)
    {
        var result = new float[size * size];
        var common = Math.Min(count, size);
        for (var row = 0; row < common; row++)
        {
            matrix.AsSpan(row * count, common).CopyTo(result.AsSpan(row * size));
        }

        return result;
    }

    private static float[] Signs(float[][] p, float[][] q, int count)
    {
        var h = new double[count * count];
        for (var t = 0; t < p.Length; t++)
        {
            for (var i = 0; i < h.Length; i++)
            {
                h[i] += (double)p[t][i] * q[t][i];
            }
        }

        for (var i = 0; i < count; i++)
        {
            h[(i * count) + i] = 0;
            for (var j = 0; j < i; j++)
            {
                // Products of single precision leave the two halves unequal in the last place.
                h[(i * count) + j] = h[(j * count) + i] = (h[(i * count) + j] + h[(j * count) + i]) / 2;
            }
        }

        var leading = SymmetricEigen.Of(h, count).Vectors.AsSpan(0, count).ToArray();
        return [.. leading.Select(value => value < 0 ? -1f : 1f)];
    }
}
