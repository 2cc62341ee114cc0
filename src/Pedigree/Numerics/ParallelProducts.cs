using System.Buffers;

namespace Pedigree.Numerics;

/// <summary><see cref="RowProducts"/> on several threads. An entry depends only on its two rows, so the result is the same bytes on any number of threads.</summary>
internal static class ParallelProducts
{
    // Rows of one task: enough that packing the other operand anew for each costs under 2 % of the products.
    private const int RowsPerTask = 384;

    // Where that leaves threads idle: down to these, as long as a task still takes some tenths of a millisecond.
    private const int FewestRowsPerTask = 96;
    private const long FewestProducts = 1L << 25;

    /// <summary>Computes A·Bᵀ; see <see cref="RowProducts.Multiply(ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, int, Span{float}, bool)"/>.</summary>
    /// <param name="a">m × k, row-major.</param>
    /// <param name="m">Rows of <paramref name="a"/>.</param>
    /// <param name="b">n × k, row-major.</param>
    /// <param name="n">Rows of <paramref name="b"/>.</param>
    /// <param name="k">Length of the rows.</param>
    /// <param name="result">Receives m × n products.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="accumulate">Whether the products are added to the present contents of <paramref name="result"/>.</param>
    public static void Multiply(float[] a, int m, float[] b, int n, int k, float[] result, int threads, bool accumulate = false)
    {
        var size = RowsOfTask(m, (long)n * k, threads);
        var tasks = (m + size - 1) / size;
        if (threads == 1 || tasks <= 1)
        {
            RowProducts.Multiply(a, m, b, n, k, result, accumulate);
            return;
        }

        Parallel.For(0, tasks, SharedThreads.Options(threads), task =>
        {
            var first = task * size;
            var rows = Math.Min(size, m - first);
            RowProducts.Multiply(
                a.AsSpan(checked(first * k), rows * k), rows, b, n, k, result.AsSpan(checked(first * n), rows * n), accumulate);
        });
    }

    /// <summary>Computes A·Aᵀ: the part on and below the diagonal by products, the rest by symmetry. The same bytes as <see cref="Multiply"/> gives.</summary>
    /// <param name="a">m × k, row-major.</param>
    /// <param name="m">Rows.</param>
    /// <param name="k">Length of the rows.</param>
    /// <param name="result">Receives m × m products.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    public static void Gram(float[] a, int m, int k, float[] result, int threads)
    {
        var size = RowsOfTask(m, (long)m * k / 2, threads);
        var tasks = (m + size - 1) / size;
        if (tasks <= 1)
        {
            RowProducts.Multiply(a, m, a, m, k, result);
            return;
        }

        // Two strips at a time, one from either end, so that all tasks cost the same.
        Parallel.For(0, (tasks + 1) / 2, SharedThreads.Options(threads), pair =>
        {
            Strip(pair);
            if (tasks - 1 - pair != pair)
            {
                Strip(tasks - 1 - pair);
            }
        });
        Parallel.For(0, tasks, SharedThreads.Options(threads), task =>
        {
            for (var i = task * size; i < Math.Min(m, (task + 1) * size); i++)
            {
                for (var j = (task + 1) * size; j < m; j++)
                {
                    result[(i * m) + j] = result[(j * m) + i];
                }
            }
        });

        void Strip(int task)
        {
            var first = task * size;
            var rows = Math.Min(size, m - first);
            var columns = first + rows;
            var strip = ArrayPool<float>.Shared.Rent(rows * columns);
            RowProducts.Multiply(a.AsSpan(first * k, rows * k), rows, a, columns, k, strip);
            for (var i = 0; i < rows; i++)
            {
                strip.AsSpan(i * columns, columns).CopyTo(result.AsSpan((first + i) * m));
            }

            ArrayPool<float>.Shared.Return(strip);
        }
    }

    private static int RowsOfTask(int rows, long productsOfRow, int threads)
    {
        var size = RowsPerTask;
        while (threads > 1 && size > FewestRowsPerTask && rows < 2L * threads * size && size / 2 * productsOfRow >= FewestProducts)
        {
            size /= 2;
        }

        return size;
    }

    /// <summary>A new matrix with rows and columns exchanged.</summary>
    /// <param name="matrix">rows × columns, row-major.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    public static float[] Transposed(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        var result = new float[checked(rows * columns)];
        Transpose(matrix, 0, rows, rows, columns, result);
        return result;
    }

    /// <summary>Exchanges rows and columns into storage that is there already.</summary>
    /// <param name="matrix">rows × columns, row-major.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="result">Receives columns × rows; not the matrix itself.</param>
    /// <param name="threads">Threads to use.</param>
    public static void Transpose(float[] matrix, int rows, int columns, float[] result, int threads)
    {
        if (threads == 1 || rows <= RowsPerTask)
        {
            Transpose(matrix, 0, rows, rows, columns, result);
            return;
        }

        Parallel.For(0, (rows + RowsPerTask - 1) / RowsPerTask, SharedThreads.Options(threads), task =>
            Transpose(matrix, task * RowsPerTask, Math.Min(rows, (task + 1) * RowsPerTask), rows, columns, result));
    }

    private static void Transpose(ReadOnlySpan<float> matrix, int first, int end, int rows, int columns, Span<float> result)
    {
        const int block = 32;
        for (var r0 = first; r0 < end; r0 += block)
        {
            for (var c0 = 0; c0 < columns; c0 += block)
            {
                for (var r = r0; r < Math.Min(end, r0 + block); r++)
                {
                    for (var c = c0; c < Math.Min(columns, c0 + block); c++)
                    {
                        result[(c * rows) + r] = matrix[(r * columns) + c];
                    }
                }
            }
        }
    }
}
