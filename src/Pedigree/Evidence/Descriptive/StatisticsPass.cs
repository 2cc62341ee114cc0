using System.Buffers;
using System.Runtime.ExceptionServices;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Reads tensors once, in pieces that several threads take in the order of the files. Pieces follow from shapes alone and their sums are added in their
/// order, so that the figures do not depend on the threads.</summary>
internal sealed class StatisticsPass
{
    // Values of a piece: enough that handing it out costs nothing, few enough that the last one does not keep a thread waiting.
    private const int PieceValues = 1 << 22;

    // Values of a step: as stored and decoded they stay in the cache.
    private const int StepValues = 1 << 14;

    private readonly ITensorSource _source;
    private readonly MeasuredPieces?[] _tensors;
    private readonly int[] _firstPiece;
    private readonly TensorStatistics?[] _measured;
    private int _next = -1;

    private StatisticsPass(ITensorSource source, IReadOnlyList<StoredTensor> tensors)
    {
        _source = source;
        _measured = new TensorStatistics?[tensors.Count];
        _tensors = [.. tensors.Select(tensor => tensor.Count > 0 && tensor.Type.IsFloating() ? new MeasuredPieces(tensor, PieceValues) : null)];
        _firstPiece = new int[tensors.Count + 1];
        for (var index = 0; index < tensors.Count; index++)
        {
            _firstPiece[index + 1] = checked(_firstPiece[index] + (_tensors[index]?.Count ?? 0));
        }
    }

    /// <summary>Measures tensors.</summary>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static TensorStatistics?[] Run(ITensorSource source, IReadOnlyList<StoredTensor> tensors, int threads, CancellationToken cancellation)
    {
        var pass = new StatisticsPass(source, tensors);
        try
        {
            Parallel.For(0, threads, SharedThreads.Options(threads, cancellation), _ => pass.Work(cancellation));
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<CheckpointException>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return pass._measured;
    }

    private void Work(CancellationToken cancellation)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(StepValues * sizeof(double));
        var values = ArrayPool<float>.Shared.Rent(StepValues);
        try
        {
            int piece;
            while ((piece = Interlocked.Increment(ref _next)) < _firstPiece[^1])
            {
                var index = TensorOf(piece);
                var tensor = _tensors[index]!;
                Measure(tensor, piece - _firstPiece[index], bytes, values, cancellation);
                if (tensor.IsLast())
                {
                    _measured[index] = tensor.Close();
                    _tensors[index] = null;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    // Several tensors begin at one piece where all but the last of them are not measured.
    private int TensorOf(int piece)
    {
        var found = Array.BinarySearch(_firstPiece, piece);
        var index = found < 0 ? ~found - 1 : found;
        while (_firstPiece[index + 1] == piece)
        {
            index++;
        }

        return index;
    }

    private void Measure(MeasuredPieces tensor, int piece, byte[] bytes, float[] values, CancellationToken cancellation)
    {
        tensor.Begin(Read);
        var (at, end) = tensor.Range(piece);
        var rows = tensor.RowsOf(piece);
        var sums = new MomentSums();
        var columns = tensor.Columns;
        while (at < end)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whole rows at a time, or parts of one row, so that equal rows are cut alike.
            var step = columns < StepValues ? StepValues / columns * columns : columns - (at % columns);
            var part = values.AsSpan(0, (int)Math.Min(StepValues, Math.Min(step, end - at)));
            Read(tensor.Tensor, at, part, bytes);
            MomentKernel.Add(part, tensor.Pivot, tensor.Scale, ref sums);
            rows.Add(part);
            tensor.Marks?.Add(part, (int)(at % columns));
            at += part.Length;
        }

        tensor.Keep(piece, sums, rows.Zero);
    }

    private void Read(StoredTensor tensor, long first, Span<float> values) =>
        Read(tensor, first, values, new byte[values.Length * tensor.Type.Size()]);

    private void Read(StoredTensor tensor, long first, Span<float> values, byte[] bytes)
    {
        var size = tensor.Type.Size();
        var raw = bytes.AsSpan(0, values.Length * size);
        _source.Read(tensor, first * size, raw);
        ElementDecoder.Decode(tensor.Type, raw, values);
    }
}
