using System.Buffers;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Reads rows of <see cref="TensorView"/>s as 32-bit floats, whatever the storage type and strides. Safe to use from several threads.</summary>
/// <param name="source">The checkpoint that holds the tensors.</param>
public sealed class WeightReader(ITensorSource source)
{
    private const int NearColumns = 4;

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

        if (view.ColumnBlocks is { } columns)
        {
            ReadColumnBlocks(view, columns, firstRow, rowCount, destination);
        }
        else if (view.RowBlocks is { } rows)
        {
            ReadRowBlocks(view, rows, firstRow, rowCount, destination);
        }
        else if (view.ColumnStride == 1 && (view.RowStride == view.Columns || rowCount == 1))
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
        else if (rowCount == 1 && view.ColumnStride <= NearColumns)
        {
            ReadSpread(view, firstRow, destination);
        }
        else
        {
            ReadStrided(view, firstRow, rowCount, destination);
        }
    }

    // Columns that alternate with others: read all and keep some.
    private void ReadSpread(TensorView view, int row, Span<float> destination)
    {
        var span = checked((int)(((view.Columns - 1) * view.ColumnStride) + 1));
        var buffer = ArrayPool<float>.Shared.Rent(span);
        try
        {
            ReadRun(view.Tensor, view.Start + (row * view.RowStride), buffer.AsSpan(0, span));
            for (var column = 0; column < view.Columns; column++)
            {
                destination[column] = buffer[checked((int)(column * view.ColumnStride))];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    // The rows of one block are an evenly spaced view by themselves.
    private void ReadRowBlocks(TensorView view, ViewBlocks blocks, int firstRow, int rowCount, Span<float> destination)
    {
        for (var done = 0; done < rowCount;)
        {
            var row = firstRow + done;
            var count = Math.Min(rowCount - done, blocks.Length - ((row + blocks.First) % blocks.Length));
            var inside = view with { Start = view.RowStart(row), Rows = count, RowBlocks = null };
            ReadRows(inside, 0, count, destination.Slice(done * view.Columns, count * view.Columns));
            done += count;
        }
    }

    private void ReadColumnBlocks(TensorView view, ViewBlocks blocks, int firstRow, int rowCount, Span<float> destination)
    {
        var buffer = ArrayPool<float>.Shared.Rent(rowCount * blocks.Length);
        try
        {
            for (var done = 0; done < view.Columns;)
            {
                var (block, inside) = Math.DivRem(done + blocks.First, blocks.Length);
                var count = Math.Min(view.Columns - done, blocks.Length - inside);
                var part = view with { Columns = count, Start = view.Start + (block * blocks.Stride) + (inside * view.ColumnStride), ColumnBlocks = null };
                var values = buffer.AsSpan(0, rowCount * count);
                ReadRows(part, firstRow, rowCount, values);
                for (var row = 0; row < rowCount; row++)
                {
                    values.Slice(row * count, count).CopyTo(destination.Slice((row * view.Columns) + done, count));
                }

                done += count;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
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
                    destination[(row * view.Columns) + column] = buffer[checked((int)(row * view.RowStride))];
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
