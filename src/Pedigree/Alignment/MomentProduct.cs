using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Σ Q·M·P over moments P of one model and Q of another, on their leading vectors, in two products of matrices: all P lie below each other and all Q side by side.</summary>
internal sealed class MomentProduct
{
    // Row j·terms + t is row j of P of term t: its products with the rows of M are, row after row, those that a row of Q meets.
    private readonly float[] below;
    private readonly float[] beside;
    private readonly int terms;

    /// <summary>Takes the leading part of each moment.</summary>
    /// <param name="p">Symmetric matrices, count × count each.</param>
    /// <param name="q">As many others.</param>
    /// <param name="count">Rows of each.</param>
    /// <param name="size">Leading rows and columns to take, at most <paramref name="count"/>.</param>
    public MomentProduct(float[][] p, float[][] q, int count, int size)
    {
        (Size, terms) = (size, p.Length);
        (below, beside) = (new float[checked(terms * size * size)], new float[terms * size * size]);
        for (var t = 0; t < terms; t++)
        {
            for (var row = 0; row < size; row++)
            {
                p[t].AsSpan(row * count, size).CopyTo(below.AsSpan(((row * terms) + t) * size));
                q[t].AsSpan(row * count, size).CopyTo(beside.AsSpan(((row * terms) + t) * size));
            }
        }
    }

    /// <summary>Rows of the map.</summary>
    public int Size { get; }

    /// <summary>The sum.</summary>
    /// <param name="map">M, size × size.</param>
    /// <param name="threads">Threads to use.</param>
    public float[] Of(float[] map, int threads)
    {
        var (half, sum) = (new float[below.Length], new float[map.Length]);
        ParallelProducts.Multiply(below, Size * terms, map, Size, Size, half, threads);
        ParallelProducts.Multiply(beside, Size, half, Size, Size * terms, sum, threads);
        return sum;
    }
}
