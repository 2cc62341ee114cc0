namespace Pedigree.Numerics;

/// <summary>All eigenvalues and eigenvectors of a symmetric matrix in double precision, for up to about a thousand rows.</summary>
/// <remarks>
/// Householder's reduction to tridiagonal form, then the implicit QL iteration with Wilkinson's shift (Golub and Van Loan, "Matrix Computations",
/// 4th edition, 8.3). Vectors are kept as rows, so that every rotation and reflection runs along memory.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MostIterations = 60;

    // A block that has not converged by then holds rounding of a singular matrix: couplings below the precision of its largest entry mean nothing.
    private const int UsualIterations = 30;
    private const double Precision = 2.3e-16;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">n × n, row-major, symmetric, finite; not changed.</param>
    /// <param name="n">Number of rows.</param>
    /// <returns>Eigenvalues in descending order, and the eigenvectors as rows of an n × n matrix in that order, each with its largest entry positive.</returns>
    /// <exception cref="ArithmeticException">The iteration does not converge, which finite input does not cause.</exception>
    public static (double[] Values, double[] Vectors) Of(ReadOnlySpan<double> matrix, int n)
    {
        var vectors = new double[checked(n * n)];
        for (var i = 0; i < n; i++)
        {
            vectors[(i * n) + i] = 1;
        }

        var diagonal = Diagonal(matrix, n, vectors);
        var order = Enumerable.Range(0, n).OrderByDescending(i => diagonal[i]).ThenBy(i => i).ToArray();
        var sorted = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var source = vectors.AsSpan(order[i] * n, n);
            var target = sorted.AsSpan(i * n, n);
            source.CopyTo(target);
            var largest = 0;
            for (var j = 1; j < n; j++)
            {
                largest = Math.Abs(target[j]) > Math.Abs(target[largest]) ? j : largest;
            }

            if (target[largest] < 0)
            {
                for (var j = 0; j < n; j++)
                {
                    target[j] = -target[j];
                }
            }
        }

        return ([.. order.Select(i => diagonal[i])], sorted);
    }

    /// <summary>The eigenvalues alone, which takes a fraction of the time; the same numbers.</summary>
    /// <inheritdoc cref="Of" path="/param|/exception"/>
    /// <returns>Eigenvalues in descending order.</returns>
    public static double[] Values(ReadOnlySpan<double> matrix, int n)
    {
        var diagonal = Diagonal(matrix, n, []);
        Array.Sort(diagonal);
        Array.Reverse(diagonal);
        return diagonal;
    }

    // Leaves the vectors out where their array is empty.
    private static double[] Diagonal(ReadOnlySpan<double> matrix, int n, double[] vectors)
    {
        var (diagonal, off) = (new double[n], new double[n]);
        Tridiagonalise(matrix[..checked(n * n)].ToArray(), n, diagonal, off, vectors);
        Iterate(n, diagonal, off, vectors);
        return diagonal;
    }

    // Reflections H = I - βvvᵀ from the first column on; rows of vectors become H times them, so that in the end vectors·A·vectorsᵀ is tridiagonal.
    private static void Tridiagonalise(double[] a, int n, double[] diagonal, double[] off, double[] vectors)
    {
        var v = new double[n];
        var p = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            double square = 0;
            for (var i = k + 1; i < n; i++)
            {
                v[i] = a[(i * n) + k];
                square += v[i] * v[i];
            }

            var length = Math.Sqrt(square);
            if (length == 0)
            {
                continue;
            }

            var alpha = v[k + 1] > 0 ? -length : length;
            v[k + 1] -= alpha;
            // |v|² = 2(length² - alpha·x) with x the first entry before the change.
            var beta = 2 / (square - (a[((k + 1) * n) + k] * a[((k + 1) * n) + k]) + (v[k + 1] * v[k + 1]));
            double inner = 0;
            for (var i = k + 1; i < n; i++)
            {
                double sum = 0;
                var row = a.AsSpan(i * n, n);
                for (var j = k + 1; j < n; j++)
                {
                    sum += row[j] * v[j];
                }

                p[i] = beta * sum;
                inner += p[i] * v[i];
            }

            for (var i = k + 1; i < n; i++)
            {
                p[i] -= 0.5 * beta * inner * v[i];
            }

            for (var i = k + 1; i < n; i++)
            {
                var row = a.AsSpan(i * n, n);
                for (var j = k + 1; j < n; j++)
                {
                    row[j] -= (v[i] * p[j]) + (p[i] * v[j]);
                }
            }

            a[((k + 1) * n) + k] = alpha;
            a[(k * n) + k + 1] = alpha;
            for (var i = k + 2; i < n; i++)
            {
                a[(i * n) + k] = 0;
                a[(k * n) + i] = 0;
            }

            if (vectors.Length > 0)
            {
                ReflectRows(vectors, n, k + 1, v, beta, p);
            }
        }

        for (var i = 0; i < n; i++)
        {
            diagonal[i] = a[(i * n) + i];
            off[i] = i == 0 ? 0 : a[(i * n) + i - 1];
        }
    }

    private static void ReflectRows(double[] vectors, int n, int first, double[] v, double beta, double[] sums)
    {
        Array.Clear(sums);
        for (var i = first; i < n; i++)
        {
            var row = vectors.AsSpan(i * n, n);
            for (var j = 0; j < n; j++)
            {
                sums[j] += v[i] * row[j];
            }
        }

        for (var i = first; i < n; i++)
        {
            var row = vectors.AsSpan(i * n, n);
            var factor = beta * v[i];
            for (var j = 0; j < n; j++)
            {
                row[j] -= factor * sums[j];
            }
        }
    }

    // off[i] couples i - 1 and i. Each sweep chases a bulge upwards from the end of an unreduced block.
    private static void Iterate(int n, double[] diagonal, double[] off, double[] vectors)
    {
        double largest = 0;
        for (var i = 0; i < n; i++)
        {
            largest = Math.Max(largest, Math.Abs(diagonal[i]) + Math.Abs(off[i]));
        }

        for (var start = 0; start < n; start++)
        {
            for (var iteration = 0; ; iteration++)
            {
                var end = start;
                var least = iteration < UsualIterations ? 0 : Precision * largest;
                while (end < n - 1 && Math.Abs(off[end + 1]) > Math.Max(least, 1e-16 * (Math.Abs(diagonal[end]) + Math.Abs(diagonal[end + 1]))))
                {
                    end++;
                }

                if (end == start)
                {
                    break;
                }

                if (iteration == MostIterations)
                {
                    throw new ArithmeticException("The eigenvalue iteration did not converge.");
                }

                Sweep(start, end, n, diagonal, off, vectors);
            }
        }
    }

    private static void Sweep(int start, int end, int n, double[] diagonal, double[] off, double[] vectors)
    {
        var half = (diagonal[start + 1] - diagonal[start]) / (2 * off[start + 1]);
        var root = double.Hypot(half, 1);
        var g = diagonal[end] - diagonal[start] + (off[start + 1] / (half + (half >= 0 ? root : -root)));
        double sine = 1, cosine = 1, carry = 0;
        for (var i = end - 1; i >= start; i--)
        {
            var f = sine * off[i + 1];
            var b = cosine * off[i + 1];
            var r = double.Hypot(f, g);
            if (i + 2 <= end)
            {
                off[i + 2] = r;
            }

            if (r == 0)
            {
                diagonal[i + 1] -= carry;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = diagonal[i + 1] - carry;
            r = ((diagonal[i] - g) * sine) + (2 * cosine * b);
            carry = sine * r;
            diagonal[i + 1] = g + carry;
            g = (cosine * r) - b;
            if (vectors.Length > 0)
            {
                Rotate(vectors.AsSpan(i * n, n), vectors.AsSpan((i + 1) * n, n), sine, cosine);
            }
        }

        diagonal[start] -= carry;
        off[start + 1] = g;
        if (end < n - 1)
        {
            off[end + 1] = 0;
        }
    }

    private static void Rotate(Span<double> upper, Span<double> lower, double sine, double cosine)
    {
        for (var j = 0; j < upper.Length; j++)
        {
            var value = lower[j];
            lower[j] = (sine * upper[j]) + (cosine * value);
            upper[j] = (cosine * upper[j]) - (sine * value);
        }
    }
}
