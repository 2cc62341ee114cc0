using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class MomentProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 24, 24)]
    [InlineData(7, 40, 17)]
    public void Equals_the_sum_written_out(int terms, int count, int size)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        float[][] p = [.. Enumerable.Range(0, terms).Select(_ => Symmetric(ref random, count))], q = [.. Enumerable.Range(0, terms).Select(_ => Symmetric(ref random, count))];
        var map = PlantedUnits.Gaussian(ref random, size * size);
        var sum = new MomentProduct(p, q, count, size).Of(map, 1);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                double wanted = 0, magnitude = 1;
                for (var t = 0; t < terms; t++)
                {
                    for (var a = 0; a < size; a++)
                    {
                        for (var b = 0; b < size; b++)
                        {
                            var term = (double)q[t][(i * count) + a] * map[(a * size) + b] * p[t][(b * count) + j];
                            wanted += term;
                            magnitude += Math.Abs(term);
                        }
                    }
                }

                // Two sums in single precision, of at most terms·size products each.
                Assert.Equal(wanted, sum[(i * size) + j], magnitude * terms * size * 1.2e-7);
            }
        }

        Assert.Equal(sum, new MomentProduct(p, q, count, size).Of(map, 3));
    }

    private static float[] Symmetric(ref CounterRandom random, int n)
    {
        var matrix = PlantedUnits.Gaussian(ref random, n * n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[(i * n) + j] = matrix[(j * n) + i];
            }
        }

        return matrix;
    }
}
