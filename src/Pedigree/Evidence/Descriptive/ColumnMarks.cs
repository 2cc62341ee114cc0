using System.Numerics;
using System.Runtime.InteropServices;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Remembers which columns of a matrix hold anything but zeros. Safe to use from several threads.</summary>
/// <param name="columns">Values of a row.</param>
internal sealed class ColumnMarks(int columns)
{
    private const uint Magnitude = 0x7FFF_FFFF;
    private const long MostColumns = 1 << 20;

    private readonly uint[] _seen = new uint[columns];
    private readonly Lock _gate = new();

    // In a trained matrix every column has a value after a few rows; nothing is looked at from then on.
    private volatile bool _full;

    /// <summary>Marks for a matrix; null where columns are not counted.</summary>
    public static ColumnMarks? Of(int dimensions, long columns) => dimensions > 1 && columns <= MostColumns ? new ColumnMarks((int)columns) : null;

    /// <summary>Marks the columns of values that begin at a column and go on through the rows.</summary>
    public void Add(ReadOnlySpan<float> values, int column)
    {
        if (_full)
        {
            return;
        }

        lock (_gate)
        {
            var hasEnded = false;
            for (; !values.IsEmpty; column = 0)
            {
                var piece = values[..Math.Min(values.Length, columns - column)];
                Or(MemoryMarshal.Cast<float, uint>(piece), _seen.AsSpan(column, piece.Length));
                values = values[piece.Length..];
                hasEnded |= column + piece.Length == columns;
            }

            _full = hasEnded && Zero() == 0;
        }
    }

    /// <summary>Columns of nothing but zeros.</summary>
    public int Zero()
    {
        var zero = 0;
        foreach (var bits in _seen)
        {
            zero += (bits & Magnitude) == 0 ? 1 : 0;
        }

        return zero;
    }

    private static void Or(ReadOnlySpan<uint> values, Span<uint> seen)
    {
        var at = 0;
        for (; at <= values.Length - Vector<uint>.Count; at += Vector<uint>.Count)
        {
            (new Vector<uint>(values[at..]) | new Vector<uint>(seen[at..])).CopyTo(seen[at..]);
        }

        for (; at < values.Length; at++)
        {
            seen[at] |= values[at];
        }
    }
}
