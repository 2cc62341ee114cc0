using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Training;
using Xunit;

namespace Pedigree.Tests.Zoo.Training;

public sealed class MatrixProductTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryTileGivesTheBitsOfTheScalarSum(bool isWide)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        for (var round = 0; round < 40; round++)
        {
            int m = 1 + random.NextInt(70), n = 1 + random.NextInt(70), k = 1 + random.NextInt(round % 8 == 0 ? 1300 : 90);
            var (a, b, c) = (Values(m * k, ref random), Values(k * n, ref random), Values(m * (n + 3), ref random));
            bool turnA = random.NextInt(2) == 0, turnB = random.NextInt(2) == 0, add = random.NextInt(2) == 0;
            var left = turnA ? Strided.Transposed(a, m) : Strided.Rows(a, k);
            var right = turnB ? Strided.Transposed(b, k) : Strided.Rows(b, n);
            float[] expected = [.. c];
            for (var i = 0; i < m * n; i++)
            {
                var (row, column) = Math.DivRem(i, n);
                var sum = add ? expected[(row * (n + 3)) + column] : 0;
                for (var first = 0; first < k; first += MatrixProduct.InnerBlock)
                {
                    var part = 0f;
                    for (var inner = first; inner < Math.Min(k, first + MatrixProduct.InnerBlock); inner++)
                    {
                        part = MathF.FusedMultiplyAdd(left.Values[(row * left.Row) + (inner * left.Column)], right.Values[(inner * right.Row) + (column * right.Column)], part);
                    }

                    sum += part;
                }

                expected[(row * (n + 3)) + column] = sum;
            }

            MatrixProduct.Multiply(m, n, k, left, right, new StridedResult(c, n + 3), add, isWide);
            Assert.Equal(expected, c);
        }
    }

    [Fact]
    public void AMatrixThatReachesTooFarIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        MatrixProduct.Multiply(4, 4, 4, Strided.Rows(new float[16], 4), Strided.Rows(new float[15], 4), new StridedResult(new float[16], 4), false));

    private static float[] Values(int count, ref CounterRandom random)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }
}
