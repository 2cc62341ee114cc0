namespace Pedigree.Numerics;

/// <summary>The orthogonal polar factor of a matrix: with M = X S Yᵀ, the matrix X Yᵀ, which is the orthogonal matrix (or partial isometry) nearest to M and
/// the solution of the Procrustes problem (Schönemann, Psychometrika 31, 1966).</summary>
/// <remarks>
/// Directions are brought up by the dynamically weighted Halley iteration (Nakatsukasa, Bai and Gygi, "Optimizing Halley's iteration for computing the matrix polar decomposition", SIAM J. Matrix Anal.
/// Appl. 31, 2010), X ← (b/c)X + (a - b/c)X(I + cXᵀX)⁻¹ by a Cholesky factor: two steps take all singular values from [1e-3, 1] to [0.96, 1]. The rest, and small matrices, is Newton and Schulz's
/// X ← X(3I - XᵀX)/2 with the scaling of Chen and Chow ("A stable scaling of Newton-Schulz for improving the sign function computation", 2014): while all singular values lie in [l, 1], X is
/// multiplied by α = √(3/(1 + l + l²)) first, which maps both ends of the interval to the same value and the interval to [αl(3 - α²l²)/2, 1]. Single precision bears the first
/// step, where c is 1.6e4, because the last ones see to the orthogonality. A matrix that is nearly orthogonal needs none of the first. Singular values below <see cref="Smallest"/> of the
/// bound of the largest do not reach 1: they are directions that the data says nothing about. What was measured against other ways: docs/performance.md.
/// </remarks>
internal static class OrthogonalFactor
{
    /// <summary>Share of the largest singular value from which a direction is brought to length 1.</summary>
    public const double Smallest = 1e-3;

    // After the interval has closed so far, so many plain steps square the error to single precision; Halley's iteration leaves it closed further.
    private const double Closed = 0.9999;
    private const int PlainSteps = 2;
    private const double ClosedAtOnce = 0.999;

    // Below this a Halley step, which costs a sixth more, gains as much as two or three of products.
    private const double Open = 0.5;

    // Columns from which tiles fill registers and caches.
    private const int FewestForHalley = 384;

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
        if (!Scaled(tall, gram, columns, wide, threads, out var low))
        {
            return null;
        }

        var isLarge = columns >= FewestForHalley;
        for (var plain = isLarge ? 1 : PlainSteps; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (low < Open && isLarge && Halley(tall, rows, gram, columns, wide, ref low, threads))
            {
                Gram(tall, rows, columns, wide, gram, threads);
                continue;
            }

            var alpha = 1.0;
            if (low < (isLarge ? ClosedAtOnce : Closed))
            {
                alpha = Math.Sqrt(3 / (1 + low + (low * low)));
                low = alpha * low * (3 - (alpha * alpha * low * low)) / 2;
            }
            else
            {
                plain--;
            }

            // X(3α/2 I - α³/2 G); the bracket is symmetric, so the product of rows is the matrix product.
            Scale(gram, -0.5 * alpha * alpha * alpha);
            for (var i = 0; i < columns; i++)
            {
                gram[(i * columns) + i] += (float)(1.5 * alpha);
            }

            ParallelProducts.Multiply(tall, rows, gram, columns, columns, wide, threads);
            (tall, wide) = (wide, tall);
            if (plain == 0)
            {
                return tall;
            }

            Gram(tall, rows, columns, wide, gram, threads);
        }
    }

    // Brings the largest singular value to 1 or below; low receives what the smallest of interest then is.
    private static bool Scaled(float[] tall, float[] gram, int columns, float[] square, int threads, out double low)
    {
        ParallelProducts.Gram(gram, columns, columns, square, threads);
        low = Smallest;
        var largest = UpperBound(square.AsSpan(0, gram.Length));
        if (columns >= FewestForHalley)
        {
            // With s the mean of the diagonal, all λ/s lie within |E²|^(1/2) of 1, where E = G/s - I: of a nearly orthogonal matrix that bounds the smallest as well.
            var (mean, distance) = Distance(gram, square, columns);
            largest = Math.Min(largest, 1.0001 * mean * (1 + distance));
            low = distance < 1 ? Math.Max(Smallest, Math.Sqrt(mean * (1 - distance) / largest)) : Smallest;
        }

        var norm = Math.Sqrt(largest);
        if (!(norm > 0))
        {
            return false;
        }

        Scale(tall, 1 / norm);
        Scale(gram, 1 / (norm * norm));
        return true;
    }

    private static (double Mean, double Distance) Distance(float[] gram, float[] square, int n)
    {
        double mean = 0, sum = 0;
        for (var i = 0; i < n; i++)
        {
            mean += gram[(i * n) + i] / (double)n;
        }

        for (var i = 0; i < gram.Length; i++)
        {
            var value = (square[i] / (mean * mean)) - (2 * gram[i] / mean) + (i % (n + 1) == 0 ? 1 : 0);
            sum += value * value;
        }

        return (mean, Math.Sqrt(Math.Sqrt(sum)));
    }

    // One step of Halley's iteration; false, and nothing changed but storage, where rounding leaves no Cholesky factor.
    private static bool Halley(float[] tall, int rows, float[] gram, int columns, float[] wide, ref double low, int threads)
    {
        var square = low * low;
        var d = Math.Cbrt(4 * (1 - square) / (square * square));
        var root = Math.Sqrt(1 + d);
        var a = root + (0.5 * Math.Sqrt(8 - (4 * d) + (8 * (2 - square) / (square * root))));
        var b = (a - 1) * (a - 1) / 4;
        var c = a + b - 1;
        var storage = TiledCholesky.Storage(columns);
        if (TiledCholesky.Of(gram, columns, (float)c, wide.Length >= storage ? wide : new float[storage], new float[storage], threads) is not { } factor)
        {
            return false;
        }

        factor.Combine(tall, rows, (float)(b / c), (float)(a - (b / c)));
        low = Math.Min(1, low * (a + (b * square)) / (1 + (c * square)));
        return true;
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
    private static double UpperBound(ReadOnlySpan<float> square)
    {
        double sum = 0;
        foreach (var value in square)
        {
            sum += (double)value * value;
        }

        // Rounding of single precision, with room to spare.
        return 1.0001 * Math.Sqrt(Math.Sqrt(sum));
    }
}
