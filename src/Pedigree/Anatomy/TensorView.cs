using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>A matrix inside a stored tensor, without copying: fused, stacked, interleaved and transposed tensors become views by their strides.
/// Element (r, c) is element <c>Start + r·RowStride + c·ColumnStride</c> of the tensor.</summary>
/// <param name="Tensor">The stored tensor.</param>
/// <param name="Rows">Number of rows; 1 for a vector.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Start">Element index of (0, 0).</param>
/// <param name="RowStride">Elements between (r, c) and (r + 1, c).</param>
/// <param name="ColumnStride">Elements between (r, c) and (r, c + 1); 1 when a row is contiguous.</param>
public sealed record TensorView(StoredTensor Tensor, int Rows, int Columns, long Start, long RowStride, long ColumnStride)
{
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
    public TensorView Transposed() => new(Tensor, Columns, Rows, Start, ColumnStride, RowStride);

    /// <summary>Rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public TensorView RowRange(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Rows - count);
        return this with { Start = Start + (first * RowStride), Rows = count };
    }
}
