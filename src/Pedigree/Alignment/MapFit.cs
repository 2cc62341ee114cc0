using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Collects corresponding rows of two models and finds the residual map that fits them.</summary>
/// <remarks>
/// Between equal widths, and into a wider stream, the polar factor of Σ y·xᵀ is the least-squares answer (Procrustes). Into a narrower stream it is not: the suspect
/// kept a part of the stream, y = x·R with R a d × d' selection, and Σ y·xᵀ = RᵀC with C = Σ x·xᵀ, whose polar factor leans towards the directions that C is
/// large in. There C is divided out first, with a ridge of one mean row, the size of noise as large as the rows themselves.
/// </remarks>
/// <param name="from">Width d of the reference.</param>
/// <param name="to">Width d' of the suspect.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class MapFit(int from, int to, int threads)
{
    private readonly float[] products = new float[checked(from * to)];
    private readonly float[]? gram = to < from ? new float[checked(from * from)] : null;
    private int rows;

    /// <summary>Adds corresponding rows.</summary>
    /// <param name="reference">count × d, of the length that is their weight.</param>
    /// <param name="suspect">count × d', likewise.</param>
    /// <param name="count">Number of rows.</param>
    public void Add(float[] reference, float[] suspect, int count)
    {
        AddColumns(ParallelProducts.Transposed(reference, count, from), ParallelProducts.Transposed(suspect, count, to), count);
    }

    /// <summary>Adds corresponding rows that stand as columns.</summary>
    /// <param name="reference">d × count at its beginning.</param>
    /// <param name="suspect">d' × count at its beginning.</param>
    /// <param name="count">Number of rows added.</param>
    public void AddColumns(float[] reference, float[] suspect, int count)
    {
        ParallelProducts.Multiply(suspect, to, reference, from, count, products, threads, accumulate: true);
        if (gram is not null)
        {
            ParallelProducts.Multiply(reference, from, reference, from, count, gram, threads, accumulate: true);
        }

        rows += count;
    }

    /// <summary>The map, or null when nothing was added or nothing is finite.</summary>
    public ResidualMap? Map(CancellationToken cancellation)
    {
        if (gram is null)
        {
            return ResidualMap.Nearest(products, from, to, threads, cancellation);
        }

        double trace = 0;
        for (var i = 0; i < from; i++)
        {
            trace += gram[(i * from) + i];
        }

        return rows == 0 || !(trace > 0) || !double.IsFinite(trace) ? null
            : ResidualMap.Nearest(RidgeSolution.Of(products, to, gram, from, trace / rows, threads, cancellation), from, to, threads, cancellation);
    }
}
