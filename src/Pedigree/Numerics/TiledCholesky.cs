using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>The Cholesky factor of a positive definite matrix in square tiles, and the solution of X·A⁻¹ by it; all but the tiles on the diagonal is products of rows.</summary>
/// <remarks>The right-looking tiled algorithm (Buttari, Langou, Kurzak and Dongarra, "A class of parallel tiled linear algebra algorithms for multicore architectures", Parallel Computing 35, 2009). The
/// inverse of each diagonal tile's factor is kept, so that solving is products as well. Every tile is made by one task in a fixed order, so the result is the same bytes on any number of threads.</remarks>
internal sealed class TiledCholesky
{
    private const int Tile = 128;

    // Rows that are solved for together; a multiple of the rows of every product tile.
    private const int Strip = 144;

    private readonly int n;
    private readonly int tiles;
    private readonly int threads;

    // Tiles on and below the diagonal, and the same transposed; of those on the diagonal the inverse.
    private readonly float[] lower;
    private readonly float[] upper;

    private TiledCholesky(int n, float[] lower, float[] upper, int threads)
    {
        (this.n, this.lower, this.upper, this.threads) = (n, lower, upper, threads);
        tiles = (n + Tile - 1) / Tile;
    }

    /// <summary>Values that either storage must hold.</summary>
    /// <param name="n">Number of rows.</param>
    public static int Storage(int n)
    {
        var side = (n + Tile - 1) / Tile;
        return checked(side * (side + 1) / 2 * Tile * Tile);
    }

    /// <summary>Factorises I + c·G.</summary>
    /// <param name="gram">G, n × n, symmetric positive semidefinite.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="factor">c.</param>
    /// <param name="lower">Storage of the factor, other than the matrix.</param>
    /// <param name="upper">Storage of its transpose.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The factor; null when rounding has left the matrix without one.</returns>
    public static TiledCholesky? Of(float[] gram, int n, float factor, float[] lower, float[] upper, int threads)
    {
        var result = new TiledCholesky(n, lower, upper, threads);
        result.Load(gram, factor);
        return result.Factorise() ? result : null;
    }

    /// <summary>Replaces rows x by p·x + q·x·A⁻¹.</summary>
    /// <param name="rows">count × n, changed in place.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="p">Share of the rows themselves.</param>
    /// <param name="q">Share of the solution.</param>
    public void Combine(float[] rows, int count, float p, float q) => Parallel.For(0, (count + Strip - 1) / Strip, SharedThreads.Options(threads), strip =>
    {
        var (first, height) = (strip * Strip, Math.Min(Strip, count - (strip * Strip)));
        var parts = new float[tiles][];
        for (var j = 0; j < tiles; j++)
        {
            parts[j] = new float[height * Width(j)];
            Copy(rows.AsSpan(checked(first * n)), n, j * Tile, parts[j], height, Width(j));
        }

        // What is subtracted from the other parts; a product can only be added.
        var negative = new float[height * Tile];
        for (var j = 0; j < tiles; j++)
        {
            Solve(lower, j);
            for (var k = j + 1; k < tiles; k++)
            {
                RowProducts.Multiply(negative, height, At(lower, k, j), Width(k), Width(j), parts[k], accumulate: true);
            }
        }

        for (var j = tiles - 1; j >= 0; j--)
        {
            Solve(upper, j);
            for (var k = 0; k < j; k++)
            {
                RowProducts.Multiply(negative, height, At(upper, j, k), Width(k), Width(j), parts[k], accumulate: true);
            }
        }

        for (var j = 0; j < tiles; j++)
        {
            for (var r = 0; r < height; r++)
            {
                var target = rows.AsSpan(((first + r) * n) + (j * Tile), Width(j));
                var source = parts[j].AsSpan(r * target.Length, target.Length);
                for (var c = 0; c < target.Length; c++)
                {
                    target[c] = (p * target[c]) + (q * source[c]);
                }
            }
        }

        void Solve(float[] side, int j)
        {
            RowProducts.Multiply(parts[j], height, At(side, j, j), Width(j), Width(j), negative);
            for (var i = 0; i < parts[j].Length; i++)
            {
                (parts[j][i], negative[i]) = (negative[i], -negative[i]);
            }
        }
    });

    private int Width(int tile) => Math.Min(Tile, n - (tile * Tile));

    private static Span<float> At(float[] side, int row, int column) => side.AsSpan(((row * (row + 1) / 2) + column) * Tile * Tile, Tile * Tile);

    private void Load(float[] gram, float factor) => Parallel.For(0, tiles, SharedThreads.Options(threads), i =>
    {
        for (var j = 0; j <= i; j++)
        {
            var tile = At(lower, i, j);
            for (var r = 0; r < Width(i); r++)
            {
                for (var c = 0; c < Width(j); c++)
                {
                    tile[(r * Width(j)) + c] = factor * gram[checked((((i * Tile) + r) * n) + (j * Tile) + c)] + (i == j && r == c ? 1 : 0);
                }
            }
        }
    });

    private bool Factorise()
    {
        for (var k = 0; k < tiles; k++)
        {
            if (!Invert(At(lower, k, k), At(upper, k, k), Width(k)))
            {
                return false;
            }

            var below = k + 1;
            Parallel.For(below, tiles, SharedThreads.Options(threads), i =>
            {
                Span<float> tile = At(lower, i, k), solved = new float[Width(i) * Width(k)];
                RowProducts.Multiply(tile, Width(i), At(lower, k, k), Width(k), Width(k), solved);
                solved.CopyTo(tile);
                Transpose(solved, At(upper, i, k), Width(i), Width(k));
            });
            var count = tiles - below;
            Parallel.For(0, count * (count + 1) / 2, SharedThreads.Options(threads), pair =>
            {
                var row = (int)((Math.Sqrt((8.0 * pair) + 1) - 1) / 2);
                row += (row + 1) * (row + 2) / 2 <= pair ? 1 : row * (row + 1) / 2 > pair ? -1 : 0;
                var (i, j) = (below + row, below + pair - (row * (row + 1) / 2));
                Span<float> product = new float[Width(i) * Width(j)], tile = At(lower, i, j);
                RowProducts.Multiply(At(lower, i, k), Width(i), At(lower, j, k), Width(j), Width(k), product);
                for (var at = 0; at < product.Length; at++)
                {
                    tile[at] -= product[at];
                }
            });
        }

        return true;
    }

    // A tile on the diagonal becomes the inverse of its Cholesky factor, in double precision.
    private static bool Invert(Span<float> tile, Span<float> transposed, int size)
    {
        var factor = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = tile[(i * size) + j] - Product(factor.AsSpan(i * size, j), factor.AsSpan(j * size, j));
                if (i == j && !(sum > 0))
                {
                    return false;
                }

                factor[(i * size) + j] = i == j ? Math.Sqrt(sum) : sum / factor[(j * size) + j];
            }
        }

        var inverse = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            var row = inverse.AsSpan(i * size, i + 1);
            row[i] = 1 / factor[(i * size) + i];
            for (var k = 0; k < i; k++)
            {
                AddMultiple(-row[i] * factor[(i * size) + k], inverse.AsSpan(k * size, k + 1), row[..(k + 1)]);
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                tile[(i * size) + j] = transposed[(j * size) + i] = (float)inverse[(i * size) + j];
            }
        }

        return true;
    }

    // Four lanes whatever the processor offers, as in FixedOrderSum.
    private static double Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var lanes = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            lanes += Vector256.Create(a.Slice(i, 4)) * Vector256.Create(b.Slice(i, 4));
        }

        var sum = ((lanes[0] + lanes[1]) + lanes[2]) + lanes[3];
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddMultiple(double share, ReadOnlySpan<double> values, Span<double> sums)
    {
        var i = 0;
        for (; i <= values.Length - 4; i += 4)
        {
            (Vector256.Create<double>(sums.Slice(i, 4)) + (Vector256.Create(values.Slice(i, 4)) * share)).CopyTo(sums[i..]);
        }

        for (; i < values.Length; i++)
        {
            sums[i] += values[i] * share;
        }
    }

    private static void Transpose(ReadOnlySpan<float> tile, Span<float> result, int rows, int columns)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                result[(c * rows) + r] = tile[(r * columns) + c];
            }
        }
    }

    private static void Copy(ReadOnlySpan<float> rows, int stride, int first, Span<float> target, int height, int width)
    {
        for (var r = 0; r < height; r++)
        {
            rows.Slice((r * stride) + first, width).CopyTo(target.Slice(r * width, width));
        }
    }
}
