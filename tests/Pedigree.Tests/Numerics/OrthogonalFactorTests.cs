using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class OrthogonalFactorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(96, 96)]
    [InlineData(130, 61)]
    [InlineData(61, 130)]
    public void Factor_is_orthogonal_and_leaves_a_symmetric_positive_rest(int rows, int columns)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var matrix = Conditioned(ref random, rows, columns, 0.02);
        var factor = OrthogonalFactor.Of(matrix, rows, columns, 2, TestContext.Current.CancellationToken)!;

        var (tall, wide) = (Math.Max(rows, columns), Math.Min(rows, columns));
        double Entry(float[] m, int r, int c) => rows >= columns ? m[(r * columns) + c] : m[(c * columns) + r];
        for (var i = 0; i < wide; i++)
        {
            for (var j = 0; j < wide; j++)
            {
                double product = 0, rest = 0, mirrored = 0;
                for (var t = 0; t < tall; t++)
                {
                    product += Entry(factor, t, i) * Entry(factor, t, j);
                    rest += Entry(factor, t, i) * Entry(matrix, t, j);
                    mirrored += Entry(factor, t, j) * Entry(matrix, t, i);
                }

                Assert.Equal(i == j ? 1 : 0, product, 1e-4);
                Assert.Equal(rest, mirrored, 1e-3);
            }
        }
    }

    [Theory]
    [InlineData(200, 0.999)]
    [InlineData(200, 0.5)]
    [InlineData(64, 1)]
    public void No_direction_is_turned_round_however_flat_the_spectrum_is(int n, double lowest)
    {
        // M = Q·D with orthogonal Q and falling positive D: the factor is Q, so its product with M has the trace of D.
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        var rotation = Rotation(ref random, n);
        var matrix = new float[n * n];
        double trace = 0, found = 0;
        for (var c = 0; c < n; c++)
        {
            var scale = 1 - ((1 - lowest) * c / n);
            trace += scale;
            for (var r = 0; r < n; r++)
            {
                matrix[(r * n) + c] = (float)(rotation[(r * n) + c] * scale);
            }
        }

        var factor = OrthogonalFactor.Of(matrix, n, n, 1, TestContext.Current.CancellationToken)!;
        for (var i = 0; i < matrix.Length; i++)
        {
            found += (double)factor[i] * matrix[i];
        }

        Assert.Equal(trace, found, 1e-3 * n);
    }

    // Large enough for Halley's iteration. The factor of X·diag(s)·Yᵀ is X·Yᵀ; 1.05 is a warm start, which takes the short way.
    [Theory]
    [InlineData(400, 400, 1.05, 1e-5)]
    [InlineData(400, 400, 10, 1e-5)]
    [InlineData(521, 389, 10, 1e-5)]
    [InlineData(389, 521, 100, 1e-4)]
    [InlineData(400, 400, 300, 1e-3)]
    public void Large_factor_is_the_known_one(int rows, int columns, double condition, double tolerance)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 4);
        var (matrix, known) = Mirrored(ref random, rows, columns, i => Math.Pow(condition, -i / (Math.Min(rows, columns) - 1.0)));
        var factor = OrthogonalFactor.Of(matrix, rows, columns, 2, TestContext.Current.CancellationToken)!;
        Assert.InRange(Math.Sqrt(factor.Zip(known, (one, two) => Math.Pow(one - two, 2)).Sum() / Math.Min(rows, columns)), 0, tolerance);
    }

    [Fact]
    public void Directions_without_data_stay_out_of_a_large_factor()
    {
        const int n = 400;
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 4);
        // The last forty singular values are zero, or what rounding makes of it.
        var (matrix, known) = Mirrored(ref random, n, n, i => i < n - 40 ? 1 - (0.9 * i / n) : 0);
        var factor = OrthogonalFactor.Of(matrix, n, n, 1, TestContext.Current.CancellationToken)!;
        Assert.All(factor, value => Assert.True(float.IsFinite(value)));
        double product = 0, squares = 0;
        for (var i = 0; i < factor.Length; i++)
        {
            product += (double)factor[i] * known[i];
            squares += (double)factor[i] * factor[i];
        }

        Assert.Equal(n - 40, product, 1e-2);
        Assert.InRange(squares, n - 40 - 1e-2, n - 40 + 0.1);
    }

    [Fact]
    public void Rotation_of_a_known_angle_comes_back_whatever_the_scale()
    {
        var (sine, cosine) = Math.SinCos(0.7);
        float[] rotation = [(float)cosine, (float)-sine, (float)sine, (float)cosine];
        foreach (var scale in new[] { 1e-20f, 1f, 1e20f })
        {
            var factor = OrthogonalFactor.Of(Array.ConvertAll(rotation, value => value * scale), 2, 2, 1, TestContext.Current.CancellationToken)!;
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(rotation[i], factor[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Same_bytes_on_any_number_of_threads()
    {
        var random = new CounterRandom(5, 5);
        var matrix = Conditioned(ref random, 500, 420, 0.1);
        Assert.Equal(OrthogonalFactor.Of(matrix, 500, 420, 1, TestContext.Current.CancellationToken), OrthogonalFactor.Of(matrix, 500, 420, 3, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Matrix_without_a_factor_gives_none(float value) => Assert.Null(OrthogonalFactor.Of([value, 0, 0, 0], 2, 2, 1, TestContext.Current.CancellationToken));

    // A diagonal between products of reflections, and the same with ones where the diagonal is not zero; in double precision.
    private static (float[] Matrix, float[] Factor) Mirrored(ref CounterRandom random, int rows, int columns, Func<int, double> singular)
    {
        var (matrix, factor) = (new double[rows * columns], new double[rows * columns]);
        for (var i = 0; i < Math.Min(rows, columns); i++)
        {
            matrix[(i * columns) + i] = singular(i);
            factor[(i * columns) + i] = singular(i) > 0 ? 1 : 0;
        }

        for (var step = 0; step < 12; step++)
        {
            var left = step % 2 == 0;
            var mirror = Array.ConvertAll(PlantedUnits.Gaussian(ref random, left ? rows : columns), value => (double)value);
            var scale = 2 / mirror.Sum(value => value * value);
            foreach (var values in new[] { matrix, factor })
            {
                var products = new double[left ? columns : rows];
                for (var i = 0; i < values.Length; i++)
                {
                    products[left ? i % columns : i / columns] += values[i] * mirror[left ? i / columns : i % columns];
                }

                for (var i = 0; i < values.Length; i++)
                {
                    values[i] -= scale * products[left ? i % columns : i / columns] * mirror[left ? i / columns : i % columns];
                }
            }
        }

        return (Array.ConvertAll(matrix, value => (float)value), Array.ConvertAll(factor, value => (float)value));
    }

    // The smallest singular value of a square Gaussian matrix may be too small to be brought to 1; far from zero it is not.
    private static float[] WellConditioned(ref CounterRandom random, int n)
    {
        var matrix = PlantedUnits.Gaussian(ref random, n * n);
        for (var i = 0; i < n; i++)
        {
            matrix[(i * n) + i] += (float)(3 * Math.Sqrt(n));
        }

        return matrix;
    }

    // Columns of falling scale, so that singular values spread over about the given ratio: those of a tall Gaussian matrix are much alike, those of a square one reach down to nothing, and a rotation takes its place.
    private static float[] Conditioned(ref CounterRandom random, int rows, int columns, double ratio)
    {
        var matrix = rows == columns ? Rotation(ref random, rows) : PlantedUnits.Gaussian(ref random, rows * columns);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                matrix[(r * columns) + c] *= (float)Math.Pow(ratio, rows >= columns ? c / (double)columns : r / (double)rows);
            }
        }

        if (rows != columns)
        {
            return matrix;
        }

        var turned = new float[matrix.Length];
        RowProducts.Multiply(matrix, rows, Rotation(ref random, rows), rows, rows, turned);
        return turned;
    }

    private static float[] Rotation(ref CounterRandom random, int n) => OrthogonalFactor.Of(WellConditioned(ref random, n), n, n, 1, TestContext.Current.CancellationToken)!;
}
