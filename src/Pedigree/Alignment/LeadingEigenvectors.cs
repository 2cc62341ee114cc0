using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>The eigenvectors of largest eigenvalue of a sum of symmetric matrices.</summary>
/// <remarks>Up to <see cref="Direct"/> rows, where half of the vectors or more are wanted, the matrix is decomposed whole; otherwise block power iteration with a Rayleigh-Ritz step at the end (Golub and Van Loan,
/// "Matrix Computations", 4th edition, 8.2.4), shifted so that the leading eigenvalues are also the largest in size.</remarks>
internal static class LeadingEigenvectors
{
    private const int Direct = 640;
    private const int PowerSteps = 8;

    /// <summary>Finds them.</summary>
    /// <param name="terms">Matrices to be summed, each n × n.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="count">Vectors wanted, at most n.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>count × n: the vectors as rows, by descending eigenvalue.</returns>
    public static float[] Of(IReadOnlyList<float[]> terms, int n, int count, int threads, CancellationToken cancellation)
    {
        var sum = new float[checked(n * n)];
        foreach (var term in terms)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += term[i];
            }
        }

        if (n <= Math.Min(Direct, 2 * count))
        {
            return Leading(Array.ConvertAll(sum, value => (double)value), n, count);
        }

        // The sum of traceless terms of norm 1 has eigenvalues above -terms.Count; half of that already makes all that matter positive.
        for (var i = 0; i < n; i++)
        {
            sum[(i * n) + i] += (float)(0.1 * terms.Count);
        }

        var random = new CounterRandom(0x626c6f636b, (ulong)n);
        var block = new float[checked(count * n)];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = (float)random.NextGaussian();
        }

        var next = new float[block.Length];
        for (var step = 0; step < PowerSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            ParallelProducts.Multiply(block, count, sum, n, n, next, threads);
            if (OrthogonalFactor.Of(next, count, n, threads, cancellation) is not { } orthogonal)
            {
                return block;
            }

            block = orthogonal;
        }

        ParallelProducts.Multiply(block, count, sum, n, n, next, threads);
        var small = new float[count * count];
        ParallelProducts.Multiply(next, count, block, count, n, small, threads);
        var rotation = Array.ConvertAll(Leading(Array.ConvertAll(small, value => (double)value), count, count), value => value);
        var result = new float[block.Length];
        ParallelProducts.Multiply(rotation, count, ParallelProducts.Transposed(block, count, n), n, count, result, threads);
        return result;
    }

    private static float[] Leading(double[] matrix, int n, int count)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[(i * n) + j] = matrix[(j * n) + i] = (matrix[(i * n) + j] + matrix[(j * n) + i]) / 2;
            }
        }

        var vectors = SymmetricEigen.Of(matrix, n).Vectors;
        return Array.ConvertAll(vectors[..(count * n)], value => (float)value);
    }
}
