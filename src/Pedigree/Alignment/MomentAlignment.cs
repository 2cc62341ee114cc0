using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Finds the residual map without a vocabulary, from second moments of weight matrices (methods 17.3b, corrected): WᵀW of a matrix that reads the stream
/// does not change when its rows are permuted, mixed orthogonally or change sign, and turns with the residual basis.</summary>
/// <remarks>
/// One moment a kind of matrix, summed over layers, so that no layer map is needed. Each is scaled to Frobenius norm 1 and made traceless. The start pairs
/// the eigenvectors of the sums of both models in order of eigenvalue; their signs follow from the leading eigenvector of H = Σ P∘Q, P and Q
/// being the moments in those bases. Then U ← polar(Σ P U Q), which increases Σ tr(P U Q Uᵀ) at every step. Moments do not tell U from -U, so both are given back.
/// The work is done on the <see cref="MostVectors"/> leading eigenvectors: the others are nearly degenerate and their pairing is noise.
/// </remarks>
internal static class MomentAlignment
{
    /// <summary>Leading eigenvectors, usually.</summary>
    public const int MostVectors = 512;

    /// <summary>Rounds of the iteration; it is settled after about half of them.</summary>
    public const int Rounds = 60;

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
        var map = new float[count * count];
        var signs = Signs(p, q, count);
        for (var i = 0; i < count; i++)
        {
            map[(i * count) + i] = signs[i];
        }

        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var sum = new float[count * count];
            var half = new float[count * count];
            for (var t = 0; t < kinds.Length; t++)
            {
                // Q·M·P with symmetric P and Q: products of rows throughout, M·P first.
                ParallelProducts.Multiply(map, count, p[t], count, count, half, threads);
                ParallelProducts.Multiply(q[t], count, ParallelProducts.Transposed(half, count, count), count, count, sum, threads, accumulate: t > 0);
            }

            if (OrthogonalFactor.Of(sum, count, count, threads, cancellation) is not { } next)
            {
                return [];
            }

            map = next;
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
