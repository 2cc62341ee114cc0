using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>One-to-one matching of rows and columns by descending similarity.</summary>
/// <remarks>
/// The pairs are ordered by descending similarity, then lower column, then lower row; the greedy matching along that order is
/// the unique stable matching of the preferences that the order induces. It is found by deferred acceptance
/// (Gale and Shapley, "College Admissions and the Stability of Marriage", American Mathematical Monthly 69, 1962):
/// rows propose, columns keep the better suitor. What a column rejected once it rejects for ever, because its suitors only
/// improve; a row therefore looks only at columns that would accept it now, and no list of all pairs is sorted.
/// </remarks>
internal static class StableMatching
{
    // Best columns that one scan of a row keeps. Saves rescans where many rows want the same columns.
    private const int CandidatesPerScan = 4;

    /// <summary>Matches every row to at most one column and every column to at most one row.</summary>
    /// <param name="similarity">Row-major matrix of at least rows × columns entries. NaN marks a pair that is never matched.</param>
    /// <param name="rows">Number of rows; zero or more.</param>
    /// <param name="columns">Number of columns; zero or more.</param>
    /// <param name="matchOfRow">Receives for every row its column, or -1. Without NaN, exactly min(rows, columns) rows are matched.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="ArgumentException">A span is shorter than its dimensions say.</exception>
    internal static void Match(ReadOnlySpan<float> similarity, int rows, int columns, Span<int> matchOfRow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (similarity.Length < (long)rows * columns)
        {
            throw new ArgumentException("The span is shorter than rows × columns.", nameof(similarity));
        }

        if (matchOfRow.Length < rows)
        {
            throw new ArgumentException("The span is shorter than the number of rows.", nameof(matchOfRow));
        }

        matchOfRow = matchOfRow[..rows];
        var heldBuffer = ArrayPool<float>.Shared.Rent(columns);
        var holderBuffer = ArrayPool<int>.Shared.Rent(columns);
        var candidateBuffer = ArrayPool<int>.Shared.Rent(checked(rows * (CandidatesPerScan + 1)));
        try
        {
            var columnsState = new Columns(heldBuffer.AsSpan(0, columns), holderBuffer.AsSpan(0, columns));
            var queues = candidateBuffer.AsSpan(0, rows * (CandidatesPerScan + 1));
            Propose(similarity, rows, columnsState, queues);

            matchOfRow.Fill(-1);
            for (var column = 0; column < columns; column++)
            {
                if (columnsState.Holder[column] < rows)
                {
                    matchOfRow[columnsState.Holder[column]] = column;
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(heldBuffer);
            ArrayPool<int>.Shared.Return(holderBuffer);
            ArrayPool<int>.Shared.Return(candidateBuffer);
        }
    }

    private static void Propose(ReadOnlySpan<float> similarity, int rows, Columns state, Span<int> queues)
    {
        unchecked
        {
            var columns = state.Held.Length;

            // A queue is its number of candidates and then the candidates, the best last.
            queues.Clear();
            for (var start = 0; start < rows; start++)
            {
                var suitor = start;
                while (suitor != Columns.Free)
                {
                    var row = similarity.Slice(suitor * columns, columns);
                    var queue = queues.Slice(suitor * (CandidatesPerScan + 1), CandidatesPerScan + 1);
                    ref var remaining = ref queue[0];
                    if (remaining == 0)
                    {
                        remaining = BestAcceptable(row, suitor, state, queue[1..]);
                        if (remaining == 0)
                        {
                            break;
                        }
                    }

                    var column = queue[remaining];
                    remaining--;
                    if (state.Accepts(column, row[column], suitor))
                    {
                        var displaced = state.Holder[column];
                        state.Held[column] = row[column];
                        state.Holder[column] = suitor;
                        suitor = displaced;
                    }
                }
            }
        }
    }

    /// <summary>Finds the best columns that would accept the row, the best last.</summary>
    /// <returns>The number found, at most <see cref="CandidatesPerScan"/>; zero when no column would accept.</returns>
    private static int BestAcceptable(ReadOnlySpan<float> row, int suitor, Columns state, Span<int> candidates)
    {
        unchecked
        {
            Span<float> values = stackalloc float[CandidatesPerScan];
            var count = 0;
            var threshold = float.NegativeInfinity;
            var column = 0;
            ref var first = ref MemoryMarshal.GetReference(row);
            ref var held = ref MemoryMarshal.GetReference(state.Held);
            for (; column + Vector256<float>.Count <= row.Length; column += Vector256<float>.Count)
            {
                var offered = Vector256.LoadUnsafe(ref first, (nuint)column);
                var wanted = Vector256.GreaterThanOrEqual(offered, Vector256.LoadUnsafe(ref held, (nuint)column))
                    & Vector256.GreaterThanOrEqual(offered, Vector256.Create(threshold));
                for (var mask = wanted.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
                {
                    Consider(column + BitOperations.TrailingZeroCount(mask), row, suitor, state, candidates, values, ref count, ref threshold);
                }
            }

            for (; column < row.Length; column++)
            {
                Consider(column, row, suitor, state, candidates, values, ref count, ref threshold);
            }

            return count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Consider(
        int column, ReadOnlySpan<float> row, int suitor, Columns state, Span<int> candidates, Span<float> values, ref int count, ref float threshold)
    {
        unchecked
        {
            // Among equals the lower column came first and stays ahead, hence the strict comparison once the list is full.
            var value = row[column];
            var full = count == CandidatesPerScan;
            if ((full && !(value > threshold)) || !state.Accepts(column, value, suitor))
            {
                return;
            }

            // Ascending order; a full list drops its first.
            int position;
            if (full)
            {
                for (position = 0; position + 1 < count && values[position + 1] < value; position++)
                {
                    values[position] = values[position + 1];
                    candidates[position] = candidates[position + 1];
                }
            }
            else
            {
                for (position = count; position > 0 && values[position - 1] >= value; position--)
                {
                    values[position] = values[position - 1];
                    candidates[position] = candidates[position - 1];
                }

                count++;
            }

            values[position] = value;
            candidates[position] = column;
            if (count == CandidatesPerScan)
            {
                threshold = values[0];
            }
        }
    }

    /// <summary>What the columns hold: the similarity of the suitor kept, and the suitor.</summary>
    private readonly ref struct Columns
    {
        /// <summary>The suitor of a column that has none; ranks behind every row.</summary>
        internal const int Free = int.MaxValue;

        internal Columns(Span<float> held, Span<int> holder)
        {
            Held = held;
            Holder = holder;
            held.Fill(float.NegativeInfinity);
            holder.Fill(Free);
        }

        internal Span<float> Held { get; }

        internal Span<int> Holder { get; }

        /// <summary>Whether the column would take the row now. False for NaN.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal bool Accepts(int column, float value, int suitor) =>
            value > Held[column] || (value == Held[column] && suitor < Holder[column]);
    }
}
