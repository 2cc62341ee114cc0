using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A linear map from the residual basis of one model to that of another: orthogonal, or a partial isometry between unequal widths.</summary>
/// <param name="From">Width d of the model that rows come from.</param>
/// <param name="To">Width d' of the other model.</param>
/// <param name="Columns">d' × d: row j holds the image of the j-th coordinate, so that a row x becomes x·Columnsᵀ.</param>
internal sealed record ResidualMap(int From, int To, float[] Columns)
{
    /// <summary>The map that changes nothing.</summary>
    public static ResidualMap Identity(int width)
    {
        var columns = new float[checked(width * width)];
        for (var i = 0; i < width; i++)
        {
            columns[(i * width) + i] = 1;
        }

        return new ResidualMap(width, width, columns);
    }

    /// <summary>The map nearest to a matrix of inner products.</summary>
    /// <param name="products">d' × d sums of outer products y·xᵀ of corresponding rows y of the other model and x of this one.</param>
    /// <param name="from">Width d.</param>
    /// <param name="to">Width d'.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The map, or null when the products are zero or not finite.</returns>
    public static ResidualMap? Nearest(float[] products, int from, int to, int threads, CancellationToken cancellation) =>
        OrthogonalFactor.Of(products, to, from, threads, cancellation) is { } columns ? new ResidualMap(from, to, columns) : null;

    /// <summary>Rows of this model in the basis of the other.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>count × d'.</returns>
    public float[] Apply(float[] rows, int count, int threads)
    {
        var result = new float[checked(count * To)];
        ParallelProducts.Multiply(rows, count, Columns, To, From, result, threads);
        return result;
    }

    /// <summary>The map back, of rows of the other model.</summary>
    public ResidualMap Transposed() => new(To, From, ParallelProducts.Transposed(Columns, To, From));

    /// <summary>The map with every sign changed. Second moments cannot tell the two apart.</summary>
    public ResidualMap Negated() => this with { Columns = [.. Columns.Select(value => -value)] };

    /// <summary>tr(VᵀU)/min(d, d'): 1 when both maps are equal, about 0 when they have nothing in common.</summary>
    public double Overlap(ResidualMap other)
    {
        double sum = 0;
        for (var i = 0; i < Columns.Length; i++)
        {
            sum += (double)Columns[i] * other.Columns[i];
        }

        return sum / Math.Min(From, To);
    }
}
