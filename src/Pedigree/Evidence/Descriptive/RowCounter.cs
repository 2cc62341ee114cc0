using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Counts rows of zeros and keeps a hash of each other row. Rows arrive whole, or in pieces that are cut at the same places in every row.</summary>
/// <param name="columns">Values of a row.</param>
/// <param name="hashes">Receives a hash for each row, 0 for a row of zeros and for no other; null to compute none.</param>
/// <param name="first">The place of the first row among the hashes.</param>
internal sealed class RowCounter(long columns, ulong[]? hashes, long first)
{
    private const int ShortestRow = 16;
    private const long MostRows = 1 << 22;
    private const ulong Start = 0x9E3779B97F4A7C15;

    private ulong _hash = Start;
    private bool _anything;
    private long _filled;
    private long _rows;

    /// <summary>Rows of zeros so far.</summary>
    public long Zero { get; private set; }

    /// <summary>Room for the hashes of a tensor; null where repeated rows are not counted.</summary>
    public static ulong[]? HashesOf(long rows, long columns) => columns >= ShortestRow && rows <= MostRows ? new ulong[rows] : null;

    /// <summary>Rows that repeat an earlier one, rows of zeros left out. Sorts the hashes.</summary>
    public static long Duplicates(ulong[] hashes)
    {
        Array.Sort(hashes);
        var duplicates = 0L;
        for (var row = 1; row < hashes.Length; row++)
        {
            duplicates += hashes[row] != 0 && hashes[row] == hashes[row - 1] ? 1 : 0;
        }

        return duplicates;
    }

    public void Add(ReadOnlySpan<float> values)
    {
        while (!values.IsEmpty)
        {
            var piece = values[..(int)Math.Min(values.Length, columns - _filled)];
            _anything = _anything || piece.ContainsAnyExcept(0f);
            if (hashes is not null)
            {
                _hash = RowHash.Of(piece, _hash);
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
        Zero += _anything ? 0 : 1;
        if (hashes is not null)
        {
            hashes[first + _rows] = _anything ? Math.Max(1, _hash) : 0;
        }

        _rows++;
        (_hash, _anything, _filled) = (Start, false, 0);
    }
}
