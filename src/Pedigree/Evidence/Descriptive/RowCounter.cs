using System.Numerics;
using System.Runtime.InteropServices;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Counts rows of zeros and rows that repeat an earlier one. Rows arrive whole, or in pieces that are cut at the same places in every row.</summary>
/// <param name="total">Rows that will arrive.</param>
/// <param name="columns">Values of a row.</param>
internal sealed class RowCounter(long total, long columns)
{
    private const int ShortestRow = 16;
    private const long MostRows = 1 << 22;
    private const ulong Start = 0x9E3779B97F4A7C15;
    private const ulong Factor = 0xD6E8FEB86659FD93;

    private readonly HashSet<ulong>? _seen = columns >= ShortestRow && total <= MostRows ? [] : null;
    private ulong _hash = Start;
    private bool _anything;
    private long _filled;
    private long _duplicates;

    public long Rows { get; private set; }

    public long Zero { get; private set; }

    /// <summary>Rows that repeat an earlier one; null where that was not counted.</summary>
    public long? Duplicates => _seen is null ? null : _duplicates;

    public void Add(ReadOnlySpan<float> values)
    {
        while (!values.IsEmpty)
        {
            var piece = values[..(int)Math.Min(values.Length, columns - _filled)];
            _anything = _anything || piece.ContainsAnyExcept(0f);
            if (_seen is not null)
            {
                _hash = Hash(piece, _hash);
            }

            _filled += piece.Length;
            values = values[piece.Length..];
            if (_filled == columns)
            {
                Close();
            }
        }
    }

    private void Close()
    {
        Rows++;
        if (!_anything)
        {
            Zero++;
        }
        else if (_seen?.Add(_hash) is false)
        {
            _duplicates++;
        }

        (_hash, _anything, _filled) = (Start, false, 0);
    }

    // Four chains of rotate, add and multiply, so that one step need not wait for the other.
    private static ulong Hash(ReadOnlySpan<float> values, ulong seed)
    {
        var words = MemoryMarshal.Cast<float, ulong>(values);
        var (a, b, c, d) = (seed, ~seed, seed ^ Factor, ~seed ^ Factor);
        var at = 0;
        unchecked
        {
            for (; at <= words.Length - 4; at += 4)
            {
                a = (BitOperations.RotateLeft(a, 29) ^ words[at]) * Factor;
                b = (BitOperations.RotateLeft(b, 29) ^ words[at + 1]) * Factor;
                c = (BitOperations.RotateLeft(c, 29) ^ words[at + 2]) * Factor;
                d = (BitOperations.RotateLeft(d, 29) ^ words[at + 3]) * Factor;
            }

            for (; at < words.Length; at++)
            {
                a = (BitOperations.RotateLeft(a, 29) ^ words[at]) * Factor;
            }

            if (values.Length % 2 == 1)
            {
                b = (BitOperations.RotateLeft(b, 29) ^ BitConverter.SingleToUInt32Bits(values[^1])) * Factor;
            }
        }

        return CounterRandom.Mix(CounterRandom.Mix(a, b), CounterRandom.Mix(c, d));
    }
}
