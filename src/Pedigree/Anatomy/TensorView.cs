using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>A matrix inside a stored tensor, without copying: fused, stacked, interleaved and transposed tensors become views by their strides.
/// Without blocks, element (r, c) is element <c>Start + r·RowStride + c·ColumnStride</c> of the tensor.</summary>
/// <param name="Tensor">The stored tensor.</param>
/// <param name="Rows">Number of rows; 1 for a vector.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Start">Element index of (0, 0).</param>
/// <param name="RowStride">Elements between (r, c) and (r + 1, c), inside a block.</param>
/// <param name="ColumnStride">Elements between (r, c) and (r, c + 1), inside a block; 1 when a row is contiguous.</param>
public sealed record TensorView(StoredTensor Tensor, int Rows, int Columns, long Start, long RowStride, long ColumnStride)
{
    /// <summary>How the rows fall into blocks with gaps between them, such as the query rows of a tensor that holds query, key and value
    /// of one head after another; null when rows are evenly spaced.</summary>
    public ViewBlocks? RowBlocks { get; init; }

    /// <summary>The same for the columns, as in the bias of such a tensor; null when columns are evenly spaced.</summary>
    public ViewBlocks? ColumnBlocks { get; init; }

    /// <summary>Number of elements in the view.</summary>
    public long Count => (long)Rows * Columns;

    /// <summary>A view of a whole one- or two-dimensional tensor; a vector becomes one row.</summary>
    /// <exception cref="ArgumentException">The tensor has more than two dimensions larger than 1, or is too large for an index.</exception>
    public static TensorView Whole(StoredTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var wide = tensor.Shape.Where(size => size != 1).ToArray();
        if (wide.Length > 2 || wide.Any(size => size > int.MaxValue))
        {
            throw new ArgumentException($"`{tensor.Name}` is not a matrix.", nameof(tensor));
        }

        var (rows, columns) = tensor.Shape.Length == 2 ? ((int)tensor.Shape[0], (int)tensor.Shape[1])
            : wide.Length == 2 ? ((int)wide[0], (int)wide[1])
            : (1, checked((int)tensor.Count));
        return new TensorView(tensor, rows, columns, 0, columns, 1);
    }

    /// <summary>The view with rows and columns exchanged.</summary>
    public TensorView Transposed() => new(Tensor, Columns, Rows, Start, ColumnStride, RowStride) { RowBlocks = ColumnBlocks, ColumnBlocks = RowBlocks };

    /// <summary>Rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public TensorView RowRange(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Rows - count);
        return RowBlocks is { } blocks
            ? this with { RowBlocks = blocks with { First = blocks.First + first }, Rows = count }
            : this with { Start = Start + (first * RowStride), Rows = count };
    }

    /// <summary>Columns <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public TensorView ColumnRange(int first, int count) => Transposed().RowRange(first, count).Transposed();

    /// <summary>Of every <paramref name="period"/> rows, the <paramref name="count"/> that begin at <paramref name="first"/>.</summary>
    /// <exception cref="InvalidOperationException">The rows are in blocks already.</exception>
    public TensorView PeriodicRows(int period, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, period - count);
        if (count == 1 && RowBlocks is null)
        {
            return this with { Rows = Rows / period, Start = Start + (first * RowStride), RowStride = period * RowStride };
        }

        return RowBlocks is null
            ? this with { Rows = Rows / period * count, Start = Start + (first * RowStride), RowBlocks = new ViewBlocks(count, period * RowStride, 0) }
            : throw new InvalidOperationException("rows of blocks cannot be put into blocks again");
    }

    /// <summary>Index of element (row, 0) in the tensor, where columns are not in blocks.</summary>
    internal long RowStart(int row) => RowBlocks is { } blocks
        ? Start + ((row + blocks.First) / blocks.Length * blocks.Stride) + ((row + blocks.First) % blocks.Length * RowStride)
        : Start + (row * RowStride);
}

/// <summary>Rows (or columns) of a view that stand in blocks of one length: line i is line <c>(i + First) mod Length</c> of block <c>(i + First) / Length</c>.</summary>
/// <param name="Length">Lines of one block.</param>
/// <param name="Stride">Elements between the starts of two blocks.</param>
/// <param name="First">Lines of the first block that lie before the view.</param>
public readonly record struct ViewBlocks(int Length, long Stride, int First);
