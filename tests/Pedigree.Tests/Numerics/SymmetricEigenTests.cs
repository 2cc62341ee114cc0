using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(129)]
    public void Vectors_are_orthonormal_and_give_the_matrix_back(int n)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        var matrix = Symmetric(ref random, n);
        var (values, vectors) = SymmetricEigen.Of(matrix, n);
        Assert.Equal(values, SymmetricEigen.Values(matrix, n));
        for (var i = 0; i < n; i++)
        {
            Assert.True(i == 0 || values[i] <= values[i - 1]);
            for (var j = 0; j < n; j++)
            {
                double inner = 0, rebuilt = 0;
                for (var t = 0; t < n; t++)
                {
                    inner += vectors[(i * n) + t] * vectors[(j * n) + t];
                    rebuilt += vectors[(t * n) + i] * values[t] * vectors[(t * n) + j];
                }

                Assert.Equal(i == j ? 1 : 0, inner, 1e-11);
                Assert.Equal(matrix[(i * n) + j], rebuilt, 1e-9 * n);
            }
        }
    }

    [Fact]
    public void Diagonal_degenerate_and_zero_matrices_are_decomposed()
    {
        Assert.Equal([3, 2, -1], SymmetricEigen.Of([2, 0, 0, 0, -1, 0, 0, 0, 3], 3).Values);
        Assert.Equal([0, 0], SymmetricEigen.Of([0, 0, 0, 0], 2).Values);
        var (values, vectors) = SymmetricEigen.Of([2, 1, 1, 2], 2);
        Assert.Equal(3, values[0], 1e-12);
        Assert.Equal(1, values[1], 1e-12);
        Assert.Equal(Math.Sqrt(0.5), vectors[0], 1e-12);
    }

    // Rounding is all that a singular matrix leaves beyond its rank; with scales apart, its own size is no measure of it.
    [Fact]
    public void Singular_matrices_are_decomposed()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        const int n = 96;
        for (var draw = 0; draw < 30; draw++)
        {
            var rank = 8 + (draw * 2);
            var rows = PlantedUnits.Gaussian(ref random, n * rank);
            double[] scale = [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -0.02 * draw * i))];
            var matrix = new double[n * n];
            for (var i = 0; i < matrix.Length; i++)
            {
                double sum = 0;
                for (var t = 0; t < rank; t++)
                {
                    sum += (double)rows[(i / n * rank) + t] * rows[(i % n * rank) + t];
                }

                matrix[i] = sum * scale[i / n] * scale[i % n];
            }

            var values = SymmetricEigen.Of(matrix, n).Values;
            Assert.Equal(Enumerable.Range(0, n).Sum(i => matrix[(i * n) + i]), values.Sum(), 1e-11 * values[0]);
            Assert.All(values.Skip(rank), value => Assert.InRange(value, -1e-12 * values[0], 1e-12 * values[0]));
        }
    }

    private static double[] Symmetric(ref CounterRandom random, int n)
    {
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * n) + j] = matrix[(j * n) + i] = random.NextGaussian();
            }
        }

        return matrix;
    }
}
