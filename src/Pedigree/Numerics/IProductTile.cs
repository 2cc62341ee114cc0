namespace Pedigree.Numerics;

/// <summary>The innermost product: a few rows of A times one packed panel of B, with the sums held in registers.</summary>
internal interface IProductTile
{
    /// <summary>Rows of A in a tile; divides the row block of <see cref="RowProducts"/>.</summary>
    static abstract int Rows { get; }

    /// <summary>Rows of B in a tile, which are columns of the result; a multiple of four that divides the column block.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// Computes Rows × Columns inner products of <paramref name="depth"/> terms, each summed in ascending order by fused
    /// multiply-add from zero, and stores them or adds them to the target.
    /// </summary>
    /// <param name="a">The first of the rows of A.</param>
    /// <param name="strideOfA">Entries between two rows of A.</param>
    /// <param name="validRows">Rows that may be read, 1 to Rows; the last is read again in place of the missing ones.</param>
    /// <param name="panel">Depth × Columns entries: for every term, the entries of all rows of B.</param>
    /// <param name="depth">Terms; one or more.</param>
    /// <param name="target">Receives Rows × Columns products.</param>
    /// <param name="strideOfTarget">Entries between two rows of the target.</param>
    /// <param name="add">Whether the products are added to the target.</param>
    static abstract unsafe void Multiply(
        float* a, nint strideOfA, int validRows, float* panel, int depth, float* target, nint strideOfTarget, bool add);
}
