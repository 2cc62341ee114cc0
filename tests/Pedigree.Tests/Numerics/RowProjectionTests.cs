using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public sealed class RowProjectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1000)]
    [InlineData(5120)]
    public void The_kernel_gives_what_the_definition_says(int width)
    {
        var (projection, rows) = Drawn(width, 3, PlantedUnits.FreshSeed());
        var (fast, slow) = (new float[3 * projection.To], new float[3 * projection.To]);
        projection.Apply(rows, 3, fast);
        projection.ApplyScalar(rows, 3, slow);
        Assert.Equal(Math.Min(width, RowProjection.Length), projection.To);
        for (var i = 0; i < fast.Length; i++)
        {
            Assert.Equal(slow[i], fast[i], 1e-4 * Math.Sqrt(width));
        }
    }

    [Fact]
    public void Inner_products_are_kept_without_bias_and_with_the_stated_noise()
    {
        const int width = 1536;
        const int draws = 400;
        var seed = PlantedUnits.FreshSeed();
        double sum = 0, squares = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var (projection, rows) = Drawn(width, 2, CounterRandom.Mix(seed, (ulong)draw));
            // A cosine of about 0.6, and one coordinate that outweighs a hundred others, as outlier dimensions do.
            for (var i = 0; i < width; i++)
            {
                rows[width + i] = (0.6f * rows[i]) + (0.8f * rows[width + i]);
            }

            rows[0] *= 10;
            var shortened = new float[2 * projection.To];
            projection.Apply(rows, 2, shortened);
            var error = Cosine(shortened, projection.To) - Cosine(rows, width);
            Assert.InRange(error, -0.3, 0.3);
            sum += error;
            squares += error * error;
        }

        // Standard error of the mean 0.044/20; bounds at five of them.
        Assert.InRange(sum / draws, -0.011, 0.011);
        Assert.InRange(Math.Sqrt(squares / draws), 0.01, 0.06);
    }

    private static (RowProjection Projection, float[] Rows) Drawn(int width, int count, ulong seed)
    {
        var random = new CounterRandom(seed, 1);
        var rows = new float[count * width];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (float)random.NextGaussian();
        }

        return (new RowProjection(width, seed), rows);
    }

    private static double Cosine(float[] rows, int width)
    {
        double product = 0, one = 0, two = 0;
        for (var i = 0; i < width; i++)
        {
            product += (double)rows[i] * rows[width + i];
            one += (double)rows[i] * rows[i];
            two += (double)rows[width + i] * rows[width + i];
        }

        return product / Math.Sqrt(one * two);
    }
}
