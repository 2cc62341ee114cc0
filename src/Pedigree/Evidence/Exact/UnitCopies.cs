using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>Finds units of one model that are copies of each other. Two copies hit or miss together, so only one of them may count.</summary>
internal static class UnitCopies
{
    // Each pair of units is looked at once, so of the square of products only the part right of the diagonal is made, so many rows at a time.
    private const int StripRows = 192;

    /// <summary>Strikes all but one unit of every set of copies; content and not the seat decides which one stays.</summary>
    /// <param name="rows">Rows of unit length, one array a view.</param>
    /// <param name="group">The group that the rows belong to.</param>
    /// <param name="usable">Seats that may take part; struck seats become false.</param>
    /// <param name="cosine">Mean cosine over the views from which two units are copies.</param>
    /// <returns>Number of seats struck.</returns>
    public static int Strike(float[][] rows, UnitGroup group, bool[] usable, double cosine)
    {
        var seats = group.Seats.Length;
        if (seats < 2)
        {
            return 0;
        }

        var products = new float[checked(Math.Min(StripRows, seats) * seats)];
        var limit = (float)(cosine * rows.Length);
        var length = group.Views[0].Length;
        var struck = 0;
        for (var first = 0; first < seats; first += StripRows)
        {
            var (strip, others) = (Math.Min(StripRows, seats - first), seats - first);
            for (var v = 0; v < rows.Length; v++)
            {
                var after = rows[v].AsSpan(first * group.Views[v].Length);
                RowProducts.Multiply(after, strip, after, others, group.Views[v].Length, products, accumulate: v > 0);
            }

            for (var i = first; i < first + strip; i++)
            {
                for (var j = i + 1; j < seats && usable[i]; j++)
                {
                    if (usable[j] && products[((i - first) * others) + j - first] > limit)
                    {
                        // Content decides which one stays, so that the order of the rest remains exchangeable.
                        var loser = rows[0][i * length] < rows[0][j * length] ? i : j;
                        usable[loser] = false;
                        struck++;
                    }
                }
            }
        }

        return struck;
    }
}
