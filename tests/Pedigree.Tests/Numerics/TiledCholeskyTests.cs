using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class TiledCholeskyTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(128, 40)]
    [InlineData(129, 150)]
    [InlineData(300, 301)]
    public void Solution_times_the_matrix_is_what_was_solved_for(int n, int count)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var (values, rows) = (PlantedUnits.Gaussian(ref random, n * n), PlantedUnits.Gaussian(ref random, count * n));
        var gram = new float[n * n];
        RowProducts.MultiplyScalar(values, n, values, n, n, gram);
        float[] Solved(int threads)
        {
            float[] solved = [.. rows];
            TiledCholesky.Of(gram, n, 0.5f, new float[TiledCholesky.Storage(n)], new float[TiledCholesky.Storage(n)], threads)!.Combine(solved, count, 2, -3);
            return solved;
        }

        var found = Solved(1);
        Assert.Equal(found, Solved(3));
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < n; c++)
            {
                // (2x - y)/3 is the solution; times I + G/2 it is x.
                double sum = 0, size = 0;
                for (var k = 0; k < n; k++)
                {
                    var solution = ((2.0 * rows[(r * n) + k]) - found[(r * n) + k]) / 3;
                    sum += solution * ((0.5 * gram[(k * n) + c]) + (k == c ? 1 : 0));
                    size += Math.Abs(solution * gram[(k * n) + c]);
                }

                Assert.InRange(sum - rows[(r * n) + c], -1e-4 - (1e-5 * size), 1e-4 + (1e-5 * size));
            }
        }
    }

    [Fact]
    public void Matrix_that_is_not_positive_definite_has_no_factor() =>
        Assert.Null(TiledCholesky.Of([-3, 0, 0, 1], 2, 1, new float[TiledCholesky.Storage(2)], new float[TiledCholesky.Storage(2)], 1));
}
