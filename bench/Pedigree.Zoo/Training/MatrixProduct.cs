using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Zoo.Training;

/// <summary>
/// Products of 32-bit matrices laid out in any way. Every element is a sum in the order of the inner index, fused, cut into blocks of
/// <see cref="InnerBlock"/>: the same bits with any vector width.
/// </summary>
/// <remarks>Packed panels and a register tile, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).</remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Inner indices that are summed before the sum is added to the result.</summary>
    public const int InnerBlock = 512;

    [ThreadStatic]
    private static float[]? s_left;

    [ThreadStatic]
    private static float[]? s_right;


    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="add">Whether C is added to.</param>
    /// <exception cref="ArgumentOutOfRangeException">A matrix reaches beyond its span.</exception>
    public static void Multiply(int m, int n, int k, Strided a, Strided b, StridedResult c, bool add) =>
        Multiply(m, n, k, a, b, c, add, Vector512.IsHardwareAccelerated);

    /// <summary>The same with tiles of 8 x 32 in 16 lanes, or of 4 x 16 in 8 lanes.</summary>
    public static void Multiply(int m, int n, int k, Strided a, Strided b, StridedResult c, bool add, bool isWide)
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        CheckReach(a.Values.Length, m, a.Row, k, a.Column);
        CheckReach(b.Values.Length, k, b.Row, n, b.Column);
        CheckReach(c.Values.Length, m, c.Row, n, 1);
        if (!add)
        {
            for (var row = 0; row < m; row++)
            {
                c.Values.Slice(row * c.Row, n).Clear();
            }
        }

        int tileRows = isWide ? 8 : 4, tileColumns = isWide ? 32 : 16;
        int rowPanels = (m + tileRows - 1) / tileRows, columnPanels = (n + tileColumns - 1) / tileColumns;
        for (var first = 0; first < k; first += InnerBlock)
        {
            var depth = Math.Min(InnerBlock, k - first);
            var left = Buffer(ref s_left, rowPanels * tileRows * depth);
            var right = Buffer(ref s_right, columnPanels * tileColumns * depth);
            fixed (float* from = a.Values, to = left)
            {
                Pack(from + ((long)first * a.Column), a.Row, a.Column, m, depth, tileRows, to);
            }

            fixed (float* from = b.Values, to = right)
            {
                Pack(from + ((long)first * b.Row), b.Column, b.Row, n, depth, tileColumns, to);
            }

            fixed (float* packedLeft = left, packedRight = right, result = c.Values)
            {
                Tiles(packedLeft, packedRight, result, m, n, depth, c.Row, isWide);
            }
        }
    }

    private static void Tiles(float* left, float* right, float* result, int m, int n, int depth, int stride, bool isWide)
    {
        int tileRows = isWide ? 8 : 4, tileColumns = isWide ? 32 : 16;
        var rest = stackalloc float[8 * 32];
        for (var column = 0; column < n; column += tileColumns)
        {
            for (var row = 0; row < m; row += tileRows)
            {
                var a = left + ((long)row * depth);
                var b = right + ((long)column * depth);
                var isWhole = row + tileRows <= m && column + tileColumns <= n;
                var to = isWhole ? result + ((long)row * stride) + column : rest;
                var step = isWhole ? stride : tileColumns;
                if (!isWhole)
                {
                    new Span<float>(rest, tileRows * tileColumns).Clear();
                }

                if (isWide)
                {
                    WideTile(a, b, to, depth, step);
                }
                else
                {
                    NarrowTile(a, b, to, depth, step);
                }

                if (!isWhole)
                {
                    for (var i = 0; i < Math.Min(tileRows, m - row); i++)
                    {
                        for (var j = 0; j < Math.Min(tileColumns, n - column); j++)
                        {
                            result[((long)(row + i) * stride) + column + j] += rest[(i * tileColumns) + j];
                        }
                    }
                }
            }
        }
    }

    // Panels of `tile` rows, stored so that the rows' values for one inner index lie together; missing rows are zeros.
    private static void Pack(float* from, int rowStride, int innerStride, int rows, int depth, int tile, float* to)
    {
        for (var first = 0; first < rows; first += tile, to += (long)tile * depth)
        {
            var count = Math.Min(tile, rows - first);
            var panel = from + ((long)first * rowStride);
            if (count < tile)
            {
                new Span<float>(to, tile * depth).Clear();
            }

            if (rowStride == 1)
            {
                for (var inner = 0; inner < depth; inner++)
                {
                    new ReadOnlySpan<float>(panel + ((long)inner * innerStride), count).CopyTo(new Span<float>(to + (inner * tile), count));
                }
            }
            else
            {
                for (var row = 0; row < count; row++)
                {
                    var source = panel + ((long)row * rowStride);
                    var target = to + row;
                    for (var inner = 0; inner < depth; inner++, source += innerStride, target += tile)
                    {
                        *target = *source;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideTile(float* a, float* b, float* c, int depth, int stride)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        for (var inner = 0; inner < depth; inner++, a += 8, b += 32)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var a0 = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(a0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(a0, b1, c01);
            var a1 = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(a1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(a1, b1, c11);
            var a2 = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(a2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(a2, b1, c21);
            var a3 = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(a3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(a3, b1, c31);
            var a4 = Vector512.Create(a[4]);
            c40 = Vector512.FusedMultiplyAdd(a4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(a4, b1, c41);
            var a5 = Vector512.Create(a[5]);
            c50 = Vector512.FusedMultiplyAdd(a5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(a5, b1, c51);
            var a6 = Vector512.Create(a[6]);
            c60 = Vector512.FusedMultiplyAdd(a6, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(a6, b1, c61);
            var a7 = Vector512.Create(a[7]);
            c70 = Vector512.FusedMultiplyAdd(a7, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(a7, b1, c71);
        }

        Add(c, c00, c01);
        Add(c + stride, c10, c11);
        Add(c + (2L * stride), c20, c21);
        Add(c + (3L * stride), c30, c31);
        Add(c + (4L * stride), c40, c41);
        Add(c + (5L * stride), c50, c51);
        Add(c + (6L * stride), c60, c61);
        Add(c + (7L * stride), c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowTile(float* a, float* b, float* c, int depth, int stride)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (var inner = 0; inner < depth; inner++, a += 4, b += 16)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var a0 = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(a0, b1, c01);
            var a1 = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(a1, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(a1, b1, c11);
            var a2 = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(a2, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(a2, b1, c21);
            var a3 = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(a3, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(a3, b1, c31);
        }

        (Vector256.Load(c) + c00).Store(c);
        (Vector256.Load(c + 8) + c01).Store(c + 8);
        (Vector256.Load(c + stride) + c10).Store(c + stride);
        (Vector256.Load(c + stride + 8) + c11).Store(c + stride + 8);
        (Vector256.Load(c + (2L * stride)) + c20).Store(c + (2L * stride));
        (Vector256.Load(c + (2L * stride) + 8) + c21).Store(c + (2L * stride) + 8);
        (Vector256.Load(c + (3L * stride)) + c30).Store(c + (3L * stride));
        (Vector256.Load(c + (3L * stride) + 8) + c31).Store(c + (3L * stride) + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* c, Vector512<float> low, Vector512<float> high)
    {
        (Vector512.Load(c) + low).Store(c);
        (Vector512.Load(c + 16) + high).Store(c + 16);
    }

    private static float[] Buffer(ref float[]? buffer, int length)
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer = new float[length];
        }

        return buffer;
    }

    private static void CheckReach(int length, int rows, int rowStride, int columns, int columnStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowStride);
        ArgumentOutOfRangeException.ThrowIfNegative(columnStride);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(((long)(rows - 1) * rowStride) + ((long)(columns - 1) * columnStride), Math.Max(1, length), nameof(length));
    }
}

/// <summary>A matrix that is read: element (i, j) at i·Row + j·Column.</summary>
internal readonly ref struct Strided(ReadOnlySpan<float> values, int row, int column)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int Row { get; } = row;

    public int Column { get; } = column;

    /// <summary>Row by row.</summary>
    public static Strided Rows(ReadOnlySpan<float> values, int columns) => new(values, columns, 1);

    /// <summary>The transpose of a matrix that is stored row by row.</summary>
    public static Strided Transposed(ReadOnlySpan<float> values, int columns) => new(values, 1, columns);
}

/// <summary>A matrix that is written, rows of neighbouring values: element (i, j) at i·Row + j.</summary>
internal readonly ref struct StridedResult(Span<float> values, int row)
{
    public Span<float> Values { get; } = values;

    public int Row { get; } = row;
}
