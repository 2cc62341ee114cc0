using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class RidgeSolutionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 40)]
    [InlineData(70, 33)]
    public void Solution_satisfies_its_equation(int rows, int n)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        var factor = PlantedUnits.Gaussian(ref random, 2 * n * n);
        var gram = new float[n * n];
        RowProducts.MultiplyScalar(ParallelProducts.Transposed(factor, 2 * n, n), n, ParallelProducts.Transposed(factor, 2 * n, n), n, 2 * n, gram);
        var right = PlantedUnits.Gaussian(ref random, rows * n);
        var ridge = 0.2 * n;
        var solution = RidgeSolution.Of(right, rows, gram, n, ridge, 2, TestContext.Current.CancellationToken);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < n; c++)
            {
                double value = ridge * solution[(r * n) + c];
                for (var t = 0; t < n; t++)
                {
                    value += (double)solution[(r * n) + t] * gram[(t * n) + c];
                }

                Assert.Equal(right[(r * n) + c], value, 2e-3);
            }
        }
    }

    [Fact]
    public void Zero_right_side_gives_zero() => Assert.All(RidgeSolution.Of(new float[6], 2, [1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 1, 1, TestContext.Current.CancellationToken), value => Assert.Equal(0, value));
}
