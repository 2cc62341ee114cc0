using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>A tensor that is measured in pieces of whole rows, and what its pieces have shown so far. Safe to use from several threads.</summary>
internal sealed class MeasuredPieces
{
    private readonly Lock _gate = new();
    private readonly long _rows;
    private readonly long _rowsOfPiece;
    private MomentSums[] _sums = [];
    private ulong[]? _hashes;
    private long _zeroRows;
    private int _left;
    private bool _begun;

    public MeasuredPieces(StoredTensor tensor, int pieceValues)
    {
        Tensor = tensor;
        Columns = tensor.Shape.Length > 1 ? tensor.Shape[^1] : tensor.Count;
        _rows = tensor.Count / Columns;
        _rowsOfPiece = Math.Max(1, pieceValues / Columns);
        Count = _left = checked((int)((_rows + _rowsOfPiece - 1) / _rowsOfPiece));
    }

    public delegate void Reading(StoredTensor tensor, long first, Span<float> values);

    public StoredTensor Tensor { get; }

    /// <summary>Values of a row: the last dimension, or all values of a vector.</summary>
    public long Columns { get; }

    /// <summary>Number of pieces.</summary>
    public int Count { get; }

    /// <summary>Near the mean of the values.</summary>
    public float Pivot { get; private set; }

    /// <summary>A power of two that brings the values near 1.</summary>
    public float Scale { get; private set; } = 1;

    /// <summary>Columns that hold anything but zeros; null where they are not counted.</summary>
    public ColumnMarks? Marks { get; private set; }

    /// <summary>Prepares for the first piece; does nothing before others. What a tensor needs in memory, it has from here to <see cref="Close"/>.</summary>
    public void Begin(Reading read)
    {
        lock (_gate)
        {
            if (!_begun)
            {
                Centre(read);
                Marks = ColumnMarks.Of(Tensor.Shape.Length, Columns);
                _hashes = RowCounter.HashesOf(_rows, Columns);
                _sums = new MomentSums[Count];
                _begun = true;
            }
        }
    }

    /// <summary>The values of a piece: the first, and the one after the last.</summary>
    public (long First, long End) Range(int piece) => (piece * _rowsOfPiece * Columns, Math.Min(_rows, (piece + 1) * _rowsOfPiece) * Columns);

    /// <summary>Counts the rows of a piece.</summary>
    public RowCounter RowsOf(int piece) => new(Columns, _hashes, piece * _rowsOfPiece);

    /// <summary>Keeps what a piece has shown.</summary>
    public void Keep(int piece, in MomentSums sums, long zeroRows)
    {
        _sums[piece] = sums;
        Interlocked.Add(ref _zeroRows, zeroRows);
    }

    /// <summary>Whether the piece that was kept just now was the last one.</summary>
    public bool IsLast() => Interlocked.Decrement(ref _left) == 0;

    /// <summary>The statistics of all pieces.</summary>
    public TensorStatistics Close()
    {
        var sums = new MomentSums();
        foreach (var piece in _sums)
        {
            sums.Add(piece);
        }

        return TensorStatistics.From(
            Tensor.Count, sums, Pivot, Scale, _rows, _zeroRows, _hashes is null ? null : RowCounter.Duplicates(_hashes), Marks is null ? null : Columns, Marks?.Zero());
    }

    // A few runs tell where values lie and, within a power of two, how far they spread.
    private void Centre(Reading read)
    {
        const int runs = 16;
        var values = new float[(int)Math.Min(256, Tensor.Count)];
        double sum = 0, largest = 0;
        var count = 0;
        for (var run = 0; run < runs; run++)
        {
            read(Tensor, (Tensor.Count - values.Length) / (runs - 1) * run, values);
            foreach (var value in values)
            {
                if (float.IsFinite(value))
                {
                    sum += value;
                    largest = Math.Max(largest, Math.Abs((double)value));
                    count++;
                }
            }
        }

        Pivot = count > 0 ? (float)(sum / count) : 0;
        Scale = largest > 0 ? (float)Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -126, 126)) : 1;
    }
}
