using System.Buffers;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Reads rows of <see cref="TensorView"/>s as 32-bit floats, whatever the storage type and strides. Safe to use from several threads.</summary>
/// <param name="source">The checkpoint that holds the tensors.</param>
public sealed class WeightReader(ITensorSource source)
{
    /// <summary>Reads consecutive rows.</summary>
    /// <param name="view">The matrix.</param>
    /// <param name="firstRow">First row, from 0.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="destination">Receives rowCount × Columns values, row by row; its length must be exactly that.</param>
    /// <exception cref="ArgumentException">The rows are not in the view or the destination has another length.</exception>
    /// <exception cref="CheckpointException">The bytes can no longer be read.</exception>
    public void ReadRows(TensorView view, int firstRow, int rowCount, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        if (firstRow > view.Rows - rowCount || destination.Length != (long)rowCount * view.Columns)
        {
            throw new ArgumentException($"rows {firstRow}..{firstRow + rowCount - 1} do not fit a view of {view.Rows} rows");
        }

        if (view.ColumnStride == 1 && (view.RowStride == view.Columns || rowCount == 1))
        {
            ReadRun(view.Tensor, view.Start + (firstRow * view.RowStride), destination);
        }
        else if (view.ColumnStride == 1)
        {
            for (var row = 0; row < rowCount; row++)
            {
                ReadRun(view.Tensor, view.Start + ((firstRow + row) * view.RowStride), destination.Slice(row * view.Columns, view.Columns));
            }
        }
        else
        {
            ReadStrided(view, firstRow, rowCount, destination);
        }
    }

    // Transposed storage: the wanted rows are runs of neighbours in every stored line, so read each line's run and scatter it.
    private void ReadStrided(TensorView view, int firstRow, int rowCount, Span<float> destination)
    {
        var span = checked((int)(((rowCount - 1) * view.RowStride) + 1));
        var buffer = ArrayPool<float>.Shared.Rent(span);
        try
        {
            for (var column = 0; column < view.Columns; column++)
            {
                ReadRun(view.Tensor, view.Start + (firstRow * view.RowStride) + (column * view.ColumnStride), buffer.AsSpan(0, span));
                for (var row = 0; row < rowCount; row++)
                {
                    destination[(row * view.Columns) + column] = buffer[row * view.RowStride];
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void ReadRun(StoredTensor tensor, long firstElement, Span<float> destination)
    {
        var size = tensor.Type.Size();
        const int chunk = 1 << 16;
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(chunk, Math.Max(1, destination.Length)) * size);
        try
        {
            for (var done = 0; done < destination.Length; done += chunk)
            {
                var part = destination[done..Math.Min(destination.Length, done + chunk)];
                var raw = bytes.AsSpan(0, part.Length * size);
                source.Read(tensor, (firstElement + done) * size, raw);
                ElementDecoder.Decode(tensor.Type, raw, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
