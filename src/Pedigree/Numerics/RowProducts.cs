using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Pedigree.Numerics;

/// <summary>
/// Inner products of all rows of one matrix with all rows of another (A·Bᵀ, both row-major), in single precision.
/// </summary>
/// <remarks>
/// <para>
/// The kernel is single-threaded; callers run several products at once. Blocking follows Goto and van de Geijn,
/// "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 34, 2008), sections 4 and 5, with B packed and A read in place.
/// </para>
/// <para>
/// Order of reduction: an entry is the sum, in ascending order, of blocks of <see cref="DepthBlock"/> terms; inside a block the
/// terms are added in ascending order with fused multiply-add, starting from zero. An entry therefore depends only on its two
/// rows: not on threads, not on m and n, not on its place in the matrix, and not on the vector width of the machine.
/// Swapping the operands transposes the result bit for bit.
/// </para>
/// </remarks>
internal static class RowProducts
{
    /// <summary>Terms of one inner product that are summed before they are added to the result. Part of the order of reduction.</summary>
    internal const int DepthBlock = 192;

    // 192 rows of A by 192 terms (144 KiB) stay in the second-level cache; divisible by the row counts of all tiles.
    private const int RowBlock = 192;

    // 256 packed rows of B by 192 terms (192 KiB); divisible by the column counts of all tiles.
    private const int ColumnBlock = 256;

    /// <summary>
    /// Computes result[i * n + j] = Σ_t a[i * k + t] · b[j * k + t], or adds it to what <paramref name="result"/> holds.
    /// </summary>
    /// <param name="a">Row-major matrix of at least m × k entries.</param>
    /// <param name="m">Rows of <paramref name="a"/>; zero or more.</param>
    /// <param name="b">Row-major matrix of at least n × k entries.</param>
    /// <param name="n">Rows of <paramref name="b"/>; zero or more.</param>
    /// <param name="k">Length of the rows; zero or more. With zero the products are zero.</param>
    /// <param name="result">Receives m × n products, row-major. Must not overlap the operands.</param>
    /// <param name="accumulate">Whether the products are added to the present contents of <paramref name="result"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="ArgumentException">A span is shorter than its dimensions say.</exception>
    internal static void Multiply(
        ReadOnlySpan<float> a, int m, ReadOnlySpan<float> b, int n, int k, Span<float> result, bool accumulate = false)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Multiply<WideProductTile>(a, m, b, n, k, result, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Multiply<MediumProductTile>(a, m, b, n, k, result, accumulate);
        }
        else
        {
            Multiply<NarrowProductTile>(a, m, b, n, k, result, accumulate);
        }
    }

    /// <summary>The same products with a chosen tile, whether or not the machine has registers of that width.</summary>
    /// <inheritdoc cref="Multiply(ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, int, Span{float}, bool)"/>
    internal static unsafe void Multiply<TTile>(
        ReadOnlySpan<float> a, int m, ReadOnlySpan<float> b, int n, int k, Span<float> result, bool accumulate)
        where TTile : struct, IProductTile
    {
        Validate(a, m, b, n, k, result);
        if (m == 0 || n == 0)
        {
            return;
        }

        if (k == 0)
        {
            if (!accumulate)
            {
                result[..(m * n)].Clear();
            }

            return;
        }

        var paddedColumns = (Math.Min(n, ColumnBlock) + TTile.Columns - 1) / TTile.Columns * TTile.Columns;
        var panels = ArrayPool<float>.Shared.Rent(paddedColumns * Math.Min(k, DepthBlock));
        try
        {
            fixed (float* pa = a, pb = b, pc = result, pp = panels)
            {
                MultiplyBlocks<TTile>(pa, m, pb, n, k, pc, pp, accumulate);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(panels);
        }
    }

    /// <summary>The scalar twin of <see cref="Multiply(ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, int, Span{float}, bool)"/>: sums in double precision, for tests.</summary>
    /// <inheritdoc cref="Multiply(ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, int, Span{float}, bool)"/>
    internal static void MultiplyScalar(
        ReadOnlySpan<float> a, int m, ReadOnlySpan<float> b, int n, int k, Span<float> result, bool accumulate = false)
    {
        Validate(a, m, b, n, k, result);
        for (var i = 0; i < m; i++)
        {
            var rowOfA = a.Slice(i * k, k);
            for (var j = 0; j < n; j++)
            {
                var rowOfB = b.Slice(j * k, k);
                var sum = accumulate ? result[i * n + j] : 0.0;
                for (var t = 0; t < k; t++)
                {
                    sum += (double)rowOfA[t] * rowOfB[t];
                }

                result[i * n + j] = (float)sum;
            }
        }
    }

    private static void Validate(ReadOnlySpan<float> a, int m, ReadOnlySpan<float> b, int n, int k, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (a.Length < (long)m * k)
        {
            throw new ArgumentException("The span is shorter than m × k.", nameof(a));
        }

        if (b.Length < (long)n * k)
        {
            throw new ArgumentException("The span is shorter than n × k.", nameof(b));
        }

        if (result.Length < (long)m * n)
        {
            throw new ArgumentException("The span is shorter than m × n.", nameof(result));
        }
    }

    private static unsafe void MultiplyBlocks<TTile>(
        float* a, int m, float* b, int n, int k, float* result, float* panels, bool accumulate)
        where TTile : struct, IProductTile
    {
        unchecked
        {
            for (var depthStart = 0; depthStart < k; depthStart += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, k - depthStart);
                var add = accumulate || depthStart > 0;
                for (var columnStart = 0; columnStart < n; columnStart += ColumnBlock)
                {
                    var columns = Math.Min(ColumnBlock, n - columnStart);
                    for (var j = 0; j < columns; j += TTile.Columns)
                    {
                        var rowsOfB = b + (nint)(columnStart + j) * k + depthStart;
                        Pack(rowsOfB, k, Math.Min(TTile.Columns, columns - j), depth, panels + (nint)j * depth, TTile.Columns);
                    }

                    for (var rowStart = 0; rowStart < m; rowStart += RowBlock)
                    {
                        var rows = Math.Min(RowBlock, m - rowStart);
                        MultiplyBlock<TTile>(
                            a + (nint)rowStart * k + depthStart, k, rows, panels, columns, depth,
                            result + (nint)rowStart * n + columnStart, n, add);
                    }
                }
            }
        }
    }

    private static unsafe void MultiplyBlock<TTile>(
        float* a, nint strideOfA, int rows, float* panels, int columns, int depth, float* result, nint strideOfResult, bool add)
        where TTile : struct, IProductTile
    {
        unchecked
        {
            // Tiles at the lower and right edge are computed whole into this scratch, and only their valid part is copied.
            var scratch = stackalloc float[TTile.Rows * TTile.Columns];
            for (var j = 0; j < columns; j += TTile.Columns)
            {
                var validColumns = Math.Min(TTile.Columns, columns - j);
                var panel = panels + (nint)j * depth;
                for (var i = 0; i < rows; i += TTile.Rows)
                {
                    var validRows = Math.Min(TTile.Rows, rows - i);
                    var target = result + i * strideOfResult + j;
                    if (validRows == TTile.Rows && validColumns == TTile.Columns)
                    {
                        TTile.Multiply(a + i * strideOfA, strideOfA, validRows, panel, depth, target, strideOfResult, add);
                        continue;
                    }

                    TTile.Multiply(a + i * strideOfA, strideOfA, validRows, panel, depth, scratch, TTile.Columns, add: false);
                    for (var r = 0; r < validRows; r++)
                    {
                        for (var c = 0; c < validColumns; c++)
                        {
                            var product = scratch[r * TTile.Columns + c];
                            ref var entry = ref target[r * strideOfResult + c];
                            entry = add ? entry + product : product;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Transposes <paramref name="valid"/> rows of length depth to panel[t * width + row]; rows from valid to width become zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Pack(float* rows, nint stride, int valid, int depth, float* panel, int width)
    {
        unchecked
        {
            var row = 0;
            for (; row + 4 <= valid; row += 4)
            {
                PackFour(rows + row * stride, stride, depth, panel + row, width);
            }

            for (; row < width; row++)
            {
                for (var t = 0; t < depth; t++)
                {
                    panel[(nint)t * width + row] = row < valid ? rows[row * stride + t] : 0f;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackFour(float* rows, nint stride, int depth, float* panel, int width)
    {
        unchecked
        {
            var t = 0;
            for (; t + 4 <= depth; t += 4)
            {
                var source = rows + t;
                var r0 = Vector128.Load(source);
                var r1 = Vector128.Load(source + stride);
                var r2 = Vector128.Load(source + 2 * stride);
                var r3 = Vector128.Load(source + 3 * stride);
                var (low02, high02) = Interleave(r0, r2);
                var (low13, high13) = Interleave(r1, r3);
                var (first, second) = Interleave(low02, low13);
                var (third, fourth) = Interleave(high02, high13);
                var target = panel + (nint)t * width;
                first.Store(target);
                second.Store(target + width);
                third.Store(target + 2 * width);
                fourth.Store(target + 3 * width);
            }

            for (; t < depth; t++)
            {
                for (var row = 0; row < 4; row++)
                {
                    panel[(nint)t * width + row] = rows[row * stride + t];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> left, Vector128<float> right)
    {
        if (Sse.IsSupported)
        {
            return (Sse.UnpackLow(left, right), Sse.UnpackHigh(left, right));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return (AdvSimd.Arm64.ZipLow(left, right), AdvSimd.Arm64.ZipHigh(left, right));
        }

        return (
            Vector128.Create(left[0], right[0], left[1], right[1]),
            Vector128.Create(left[2], right[2], left[3], right[3]));
    }
}
