namespace Pedigree.Numerics;

/// <summary>The orthogonal polar factor of a matrix: with M = X S Yᵀ, the matrix X Yᵀ, which is the orthogonal matrix (or partial isometry) nearest to M and
/// the solution of the Procrustes problem (Schönemann, Psychometrika 31, 1966).</summary>
/// <remarks>
/// Newton and Schulz's iteration X ← X(3I - XᵀX)/2 with the scaling of Chen and Chow ("A stable scaling of Newton-Schulz for improving the sign function
/// computation", 2014): while all singular values lie in [l, 1], X is multiplied by α = √(3/(1 + l + l²)) first, which maps both ends of the interval
/// to the same value and the interval to [αl(3 - α²l²)/2, 1]. It consists of matrix products alone. Singular values below <see cref="Smallest"/> of the
/// bound of the largest do not reach 1: they are directions that the data says nothing about.
/// </remarks>
internal static class OrthogonalFactor
{
    /// <summary>Share of the largest singular value from which a direction is brought to length 1.</summary>
    public const double Smallest = 1e-3;

    // After the interval has closed to 1e-4, two plain steps square the error twice, to single precision.
    private const double Closed = 0.9999;
    private const int PlainSteps = 2;

    /// <summary>Computes the factor.</summary>
    /// <param name="matrix">rows × columns, row-major, finite.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>rows × columns; null when the matrix is zero or not finite.</returns>
    public static float[]? Of(ReadOnlySpan<float> matrix, int rows, int columns, int threads, CancellationToken cancellation = default)
    {
        if (rows < columns)
        {
            return Of(ParallelProducts.Transposed(matrix, rows, columns), columns, rows, threads, cancellation) is { } transposed
                ? ParallelProducts.Transposed(transposed, columns, rows)
                : null;
        }

        var tall = matrix[..checked(rows * columns)].ToArray();
        double largest = 0;
        foreach (var value in tall)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (!(largest > 0) || !double.IsFinite(largest))
        {
            return null;
        }

        Scale(tall, 1 / largest);
        var gram = new float[checked(columns * columns)];
        var wide = new float[tall.Length];
        Gram(tall, rows, columns, wide, gram, threads);
        var norm = Math.Sqrt(UpperBound(gram, columns, wide, threads));
        if (!(norm > 0))
        {
            return null;
        }

        Scale(tall, 1 / norm);
        Scale(gram, 1 / (norm * norm));
        var plain = 0;
        for (var low = Smallest; plain < PlainSteps;)
        {
            cancellation.ThrowIfCancellationRequested();
            var alpha = 1.0;
            if (low < Closed)
            {
                alpha = Math.Sqrt(3 / (1 + low + (low * low)));
                low = alpha * low * (3 - (alpha * alpha * low * low)) / 2;
            }
            else
            {
                plain++;
            }

            // X(3α/2 I - α³/2 G); the bracket is symmetric, so the product of rows is the matrix product.
            Scale(gram, -0.5 * alpha * alpha * alpha);
            for (var i = 0; i < columns; i++)
            {
                gram[(i * columns) + i] += (float)(1.5 * alpha);
            }

            ParallelProducts.Multiply(tall, rows, gram, columns, columns, wide, threads);
            (tall, wide) = (wide, tall);
            if (plain < PlainSteps)
            {
                Gram(tall, rows, columns, wide, gram, threads);
            }
        }

        return tall;
    }

    // Fills gram with XᵀX, and wide with the transpose on the way.
    private static void Gram(float[] tall, int rows, int columns, float[] wide, float[] gram, int threads)
    {
        ParallelProducts.Transpose(tall, rows, columns, wide, threads);
        ParallelProducts.Gram(wide, columns, rows, gram, threads);
    }

    private static void Scale(float[] values, double factor)
    {
        var single = (float)factor;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= single;
        }
    }

    // λ ≤ (Σ λᵢ⁴)^(1/4), the root of the Frobenius norm of G². A bound that holds: were a singular value above √3/α, the first step would turn its direction round.
    private static double UpperBound(float[] gram, int n, float[] square, int threads)
    {
        ParallelProducts.Gram(gram, n, n, square, threads);
        double sum = 0;
        foreach (var value in square.AsSpan(0, gram.Length))
        {
            sum += (double)value * value;
        }

        // Rounding of single precision, with room to spare.
        return 1.0001 * Math.Sqrt(Math.Sqrt(sum));
    }
}
