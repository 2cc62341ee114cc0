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

    // Rounds of each heat, after which a quarter goes on; in the last one they end.
    private static readonly int[] s_heats = [8, 8, 14];

    // From coarse to fine: each time half as many vectors again, and at most so many rounds.
    private const int FinerRounds = 20;

    // A round that turns the map by less than this, in the mean square over vectors, is the last: matched rows, which follow, bear an error a thousand times as large.
    private const double Still = 1e-5;

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
            if (Settled(Resized(map, size, next), new MomentProduct(p, q, count, next), next == count ? rounds : FinerRounds, threads, cancellation) is not { } finer)
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

    // The best of many starts on the leading vectors: they compete in heats.
    private static float[]? Begun(float[][] p, float[][] q, int count, int threads, CancellationToken cancellation)
    {
        var size = Math.Min(Coarse, count);
        var product = new MomentProduct(p, q, count, size);
        var signs = Signs(p, q, count, size);
        var maps = new float[]?[Starts];
        var values = new double[Starts];
        int[] running = [.. Enumerable.Range(0, Starts)];
        for (var heat = 0; heat < s_heats.Length; heat++)
        {
            Parallel.For(0, running.Length, SharedThreads.Options(threads, cancellation), at =>
            {
                var start = running[at];
                var begun = heat == 0 ? OrthogonalFactor.Of(Start(start, signs), size, size, 1, cancellation) : maps[start];
                maps[start] = begun is null ? null : Settled(begun, product, s_heats[heat], 1, cancellation);
                values[start] = maps[start] is { } map ? FixedOrderSum.Products(map, product.Of(map, 1)) : double.NegativeInfinity;
            });
            // The order of sorting is stable: among equals the first stands.
            running = [.. running.Where(start => maps[start] is not null).OrderByDescending(start => values[start])];
            running = running[..((running.Length + 3) / 4)];
        }

        return running.Length == 0 ? null : maps[running[0]];
    }

    private static float[] Start(int start, float[] signs)
    {
        var random = new CounterRandom(Seed, (ulong)start);
        var size = signs.Length;
        var map = new float[size * size];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = start % 2 == 1 ? (float)random.NextGaussian() : i % (size + 1) > 0 ? 0 : start == 0 ? signs[i / size] : random.NextInt(2) == 0 ? 1 : -1;
        }

        return map;
    }

    private static float[]? Settled(float[] map, MomentProduct product, int rounds, int threads, CancellationToken cancellation)
    {
        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (OrthogonalFactor.Of(product.Of(map, threads), product.Size, product.Size, threads, cancellation) is not { } next)
            {
                return null;
            }

            // |next - map|² = 2·(size - tr(mapᵀ·next)).
            var turned = 2 * (1 - (FixedOrderSum.Products(map, next) / product.Size));
            map = next;
            if (turned < Still)
            {
                break;
            }
        }

        return map;
    }

    // The matrix as the leading part of a larger one that is zero elsewhere.
    private static float[] Resized(float[] matrix, int count, int size)
    {
        var result = new float[size * size];
        for (var row = 0; row < count; row++)
        {
            matrix.AsSpan(row * count, count).CopyTo(result.AsSpan(row * size));
        }

        return result;
    }

    private static float[] Signs(float[][] p, float[][] q, int count, int size)
    {
        var h = new double[size * size];
        for (var t = 0; t < p.Length; t++)
        {
            for (var i = 0; i < h.Length; i++)
            {
                var at = (i / size * count) + (i % size);
                h[i] += (double)p[t][at] * q[t][at];
            }
        }

        for (var i = 0; i < size; i++)
        {
            h[(i * size) + i] = 0;
            for (var j = 0; j < i; j++)
            {
                // Products of single precision leave the two halves unequal in the last place.
                h[(i * size) + j] = h[(j * size) + i] = (h[(i * size) + j] + h[(j * size) + i]) / 2;
            }
        }

        var leading = SymmetricEigen.Of(h, size).Vectors.AsSpan(0, size).ToArray();
        return [.. leading.Select(value => value < 0 ? -1f : 1f)];
    }
}
