using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class ResidualMapTests
{
    [Fact]
    public void Fit_of_rotated_rows_finds_the_rotation_and_noise_of_cosine_nine_tenths_leaves_little_error()
    {
        var seed = PlantedUnits.FreshSeed();
        const int width = 256;
        const int rows = 8 * width;
        var (reference, rotated, truth) = Rotated(seed, rows, width, width, 0.9);
        var fit = new MapFit(width, width, 2);
        fit.Add(reference, rotated, rows);
        var map = fit.Map(CancellationToken.None)!;
        Assert.InRange(map.Overlap(truth), 0.985, 1.0001);
        // |Û - U|/√d at cosine 0.9, the gate of methods 23.3.
        Assert.InRange(Math.Sqrt(2 - (2 * map.Overlap(truth))), 0, 0.17);
    }

    [Fact]
    public void Fit_into_a_narrower_stream_is_not_bent_towards_strong_directions()
    {
        var seed = PlantedUnits.FreshSeed();
        const int width = 96;
        const int narrow = 64;
        const int rows = 20 * width;
        var (reference, _, truth) = Rotated(seed, rows, width, narrow, 1);
        // Directions of very unequal strength: the polar factor of the plain products would be far off.
        var strong = new MapFit(width, narrow, 1);
        float[] bent = [.. reference];
        var image = new float[rows * narrow];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < width; c++)
            {
                bent[(r * width) + c] *= (float)Math.Pow(0.98, c);
            }
        }

        RowProducts.Multiply(bent, rows, truth.Columns, narrow, width, image);
        strong.Add(bent, image, rows);
        Assert.InRange(strong.Map(CancellationToken.None)!.Overlap(truth), 0.98, 1.0001);
        Assert.InRange(ResidualMap.Nearest(Products(bent, image, rows, width, narrow), width, narrow, 1, CancellationToken.None)!.Overlap(truth), -1, 0.94);
    }

    [Fact]
    public void Nothing_added_gives_no_map() => Assert.Null(new MapFit(8, 4, 1).Map(CancellationToken.None));

    private static float[] Products(float[] reference, float[] suspect, int rows, int width, int narrow)
    {
        var result = new float[width * narrow];
        RowProducts.Multiply(ParallelProducts.Transposed(suspect, rows, narrow), narrow, ParallelProducts.Transposed(reference, rows, width), width, rows, result);
        return result;
    }

    private static (float[] Reference, float[] Suspect, ResidualMap Truth) Rotated(ulong seed, int rows, int width, int narrow, double cosine)
    {
        var random = new CounterRandom(seed, 11);
        // Square ones may be nearly singular: moved away from that, so that the map is orthogonal to the last place.
        var start = PlantedUnits.Gaussian(ref random, width * narrow);
        for (var i = 0; width == narrow && i < narrow; i++)
        {
            start[(i * width) + i] += (float)(3 * Math.Sqrt(width));
        }

        var truth = ResidualMap.Nearest(start, width, narrow, 2, CancellationToken.None)!;
        var reference = PlantedUnits.Gaussian(ref random, rows * width);
        var suspect = PlantedUnits.Mixed(ref random, truth.Apply(reference, rows, 2), cosine);
        return (reference, suspect, truth);
    }
}
