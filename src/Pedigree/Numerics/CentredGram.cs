namespace Pedigree.Numerics;

/// <summary>Inner products of the rows of a matrix with each other, centred so that sums over pairs of different rows are unbiased.</summary>
/// <remarks>
/// U-centring: with K the inner products without their diagonal, r its row sums and t their total, entry (i, j) is K[i,j] - r[i]/(n-2) - r[j]/(n-2) + t/((n-1)(n-2)).
/// The sum of products of two such matrices is n(n-3) times the unbiased estimator of the Hilbert-Schmidt independence criterion (Song, Smola, Gretton, Bedo and
/// Borgwardt, "Feature Selection via Dependence Maximization", JMLR 13, 2012, theorem 2), and its ratio to the roots of both squares is the debiased centred kernel
/// alignment of Nguyen, Raghu and Kornblith, "Do Wide and Deep Networks Learn the Same Things?" (ICLR 2021). All rows of a centred matrix sum to 0, so over all
/// orders of the units of one side the expectation is exactly 0.
/// </remarks>
internal sealed class CentredGram
{
    /// <summary>Fewest rows that leave a degree of freedom.</summary>
    public const int FewestRows = 4;

    private readonly double[] _values;

    private CentredGram(int count, double[] values, double uncentred)
    {
        (Count, _values) = (count, values);
        Square = Product(this, this);
        // Rounding leaves about 1e-32 of it where all rows are equal.
        Varies = Square > 1e-24 * uncentred && double.IsFinite(Square);
    }

    /// <summary>Number of rows n.</summary>
    public int Count { get; }

    /// <summary>Sum of the squares of all entries.</summary>
    public double Square { get; }

    /// <summary>Whether the rows differ in any way that is left after centring.</summary>
    public bool Varies { get; }

    /// <summary>Computes the matrix; the bits do not depend on machine or threads.</summary>
    /// <param name="rows">n × <paramref name="columns"/> finite values, row by row.</param>
    /// <param name="columns">Columns.</param>
    /// <exception cref="ArgumentException">There are fewer than four rows.</exception>
    public static CentredGram Of(ReadOnlySpan<float> rows, int columns)
    {
        var n = rows.Length / columns;
        if (n < FewestRows)
        {
            throw new ArgumentException("Fewer than four rows cannot be centred without bias.", nameof(rows));
        }

        var values = new double[n * n];
        var sums = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var product = FixedOrderSum.Products(rows.Slice(i * columns, columns), rows.Slice(j * columns, columns));
                values[(i * n) + j] = product;
                values[(j * n) + i] = product;
                sums[i] += product;
                sums[j] += product;
            }
        }

        double total = 0, uncentred = 0;
        foreach (var sum in sums)
        {
            total += sum;
        }

        foreach (var value in values)
        {
            uncentred += value * value;
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                values[(i * n) + j] = i == j ? 0 : values[(i * n) + j] - (sums[i] / (n - 2)) - (sums[j] / (n - 2)) + (total / ((n - 1.0) * (n - 2)));
            }
        }

        return new CentredGram(n, values, uncentred);
    }

    /// <summary>Sum of products of all entries.</summary>
    /// <param name="first">One matrix.</param>
    /// <param name="second">Another of as many rows.</param>
    public static double Product(CentredGram first, CentredGram second) => Product(first, second, [.. Enumerable.Range(0, first.Count)]);

    /// <summary>Sum of products of all entries when the units of the second matrix stand in the given order.</summary>
    /// <param name="first">One matrix.</param>
    /// <param name="second">Another of as many rows.</param>
    /// <param name="order">Unit of the second for each unit of the first.</param>
    public static double Product(CentredGram first, CentredGram second, int[] order)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Length, first.Count);
        var n = first.Count;
        double sum = 0;
        for (var i = 1; i < n; i++)
        {
            var one = first._values.AsSpan(i * n, i);
            var two = second._values.AsSpan(order[i] * n, n);
            for (var j = 0; j < one.Length; j++)
            {
                sum += one[j] * two[order[j]];
            }
        }

        // Both are symmetric with a diagonal of zeros.
        return 2 * sum;
    }
}
