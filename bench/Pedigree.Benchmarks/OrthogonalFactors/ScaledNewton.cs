using Pedigree.Numerics;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>X ← (μX + X⁻ᵀ/μ)/2 (Higham, "Computing the polar decomposition, with applications", SIAM J. Sci. Stat. Comput. 7, 1986), the scale from the 1- and ∞-norms.</summary>
internal static class ScaledNewton
{
    private const int Block = 64;
    private const int MostSteps = 30;

    /// <summary>The orthogonal factor of a square matrix.</summary>
    public static float[]? Of(float[] matrix, int n, int threads)
    {
        float[] x = [.. matrix];
        for (var step = 0; step < MostSteps; step++)
        {
            if (Inverse(x, n, threads) is not { } inverse)
            {
                return null;
            }

            var (rows, columns) = Norms(x, n);
            var (inverseRows, inverseColumns) = Norms(inverse, n);
            var scale = (float)Math.Pow(inverseRows * inverseColumns / (rows * columns), 0.25);
            scale = Math.Abs(scale - 1) < 0.01 ? 1 : scale;
            double change = 0, size = 0;
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    var next = ((scale * x[(i * n) + j]) + (inverse[(j * n) + i] / scale)) / 2;
                    change += Math.Pow(next - x[(i * n) + j], 2);
                    size += (double)next * next;
                    x[(i * n) + j] = next;
                }
            }

            if (change < 1e-8 * size)
            {
                return x;
            }
        }

        return x;
    }

    private static (double Rows, double Columns) Norms(float[] x, int n)
    {
        var columns = new double[n];
        double rows = 0;
        for (var i = 0; i < n; i++)
        {
            double sum = 0;
            for (var j = 0; j < n; j++)
            {
                var size = Math.Abs(x[(i * n) + j]);
                sum += size;
                columns[j] += size;
            }

            rows = Math.Max(rows, sum);
        }

        return (rows, columns.Max());
    }

    // By LU factors with partial pivoting, in panels.
    private static float[]? Inverse(float[] matrix, int n, int threads)
    {
        float[] a = [.. matrix];
        var z = new float[n * n];
        var order = Enumerable.Range(0, n).ToArray();
        for (var k = 0; k < n; k += Block)
        {
            var end = Math.Min(n, k + Block);
            if (!Panel(a, n, k, end, order))
            {
                return null;
            }

            for (var r = k; r < end; r++)
            {
                for (var s = k; s < r; s++)
                {
                    AddMultiple(-a[(r * n) + s], a.AsSpan((s * n) + end, n - end), a.AsSpan((r * n) + end, n - end));
                }
            }

            SubtractProduct(a, n, end, n, k, end, a, end, threads);
        }

        for (var i = 0; i < n; i++)
        {
            z[(i * n) + order[i]] = 1;
        }

        for (var k = 0; k < n; k += Block)
        {
            var end = Math.Min(n, k + Block);
            for (var r = k; r < end; r++)
            {
                for (var s = k; s < r; s++)
                {
                    AddMultiple(-a[(r * n) + s], z.AsSpan(s * n, n), z.AsSpan(r * n, n));
                }
            }

            SubtractProduct(a, n, end, n, k, end, z, 0, threads);
        }

        for (var k = (n - 1) / Block * Block; k >= 0; k -= Block)
        {
            var end = Math.Min(n, k + Block);
            for (var r = end - 1; r >= k; r--)
            {
                for (var s = r + 1; s < end; s++)
                {
                    AddMultiple(-a[(r * n) + s], z.AsSpan(s * n, n), z.AsSpan(r * n, n));
                }

                foreach (ref var value in z.AsSpan(r * n, n))
                {
                    value /= a[(r * n) + r];
                }
            }

            SubtractProduct(a, n, 0, k, k, end, z, 0, threads);
        }

        return z;
    }

    private static bool Panel(float[] a, int n, int first, int end, int[] order)
    {
        for (var j = first; j < end; j++)
        {
            var pivot = j;
            for (var i = j + 1; i < n; i++)
            {
                pivot = Math.Abs(a[(i * n) + j]) > Math.Abs(a[(pivot * n) + j]) ? i : pivot;
            }

            if (a[(pivot * n) + j] is 0)
            {
                return false;
            }

            if (pivot != j)
            {
                (order[j], order[pivot]) = (order[pivot], order[j]);
                for (var c = 0; c < n; c++)
                {
                    (a[(j * n) + c], a[(pivot * n) + c]) = (a[(pivot * n) + c], a[(j * n) + c]);
                }
            }

            for (var i = j + 1; i < n; i++)
            {
                var share = a[(i * n) + j] /= a[(j * n) + j];
                AddMultiple(-share, a.AsSpan((j * n) + j + 1, end - j - 1), a.AsSpan((i * n) + j + 1, end - j - 1));
            }
        }

        return true;
    }

    // Rows first..last of a target lose the product of a's columns from..to with the target's rows from..to, in the columns after the first of interest.
    private static void SubtractProduct(float[] a, int n, int first, int last, int from, int to, float[] target, int column, int threads)
    {
        var (rows, width, depth) = (last - first, n - column, to - from);
        if (rows <= 0 || width <= 0)
        {
            return;
        }

        var (left, right, product) = (new float[rows * depth], new float[width * depth], new float[rows * width]);
        for (var i = 0; i < rows; i++)
        {
            a.AsSpan(((first + i) * n) + from, depth).CopyTo(left.AsSpan(i * depth));
        }

        for (var k = 0; k < depth; k++)
        {
            for (var j = 0; j < width; j++)
            {
                right[(j * depth) + k] = target[((from + k) * n) + column + j];
            }
        }

        ParallelProducts.Multiply(left, rows, right, width, depth, product, threads);
        for (var i = 0; i < rows; i++)
        {
            AddMultiple(-1, product.AsSpan(i * width, width), target.AsSpan(((first + i) * n) + column, width));
        }
    }

    private static void AddMultiple(float share, ReadOnlySpan<float> values, Span<float> sums)
    {
        var i = 0;
        for (; i <= values.Length - System.Numerics.Vector<float>.Count; i += System.Numerics.Vector<float>.Count)
        {
            (new System.Numerics.Vector<float>(sums[i..]) + (new System.Numerics.Vector<float>(values[i..]) * share)).CopyTo(sums[i..]);
        }

        for (; i < values.Length; i++)
        {
            sums[i] += share * values[i];
        }
    }
}
