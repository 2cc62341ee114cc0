using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class HeadProductTests
{
    private const int Dimension = 12;
    private const int Width = 48;

    [Fact]
    public void A_basis_inside_the_head_changes_nothing()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var head = Fresh(ref random);
        // Rows scaled on one side and scaled back on the other, in another order.
        var order = random.Permutation(Dimension);
        float[] Mixed(float[] rows, Func<int, float> factor) => [.. order.SelectMany(row => rows.AsSpan(row * Width, Width).ToArray().Select(value => value * factor(row)))];
        var mixed = new HeadProduct(Mixed(head.Left, row => row + 1), Mixed(head.Right, row => 1f / (row + 1)), Dimension);
        Assert.Equal(1, head.Cosine(mixed), 1e-4);
        Assert.Equal(head.LogNorm(), mixed.LogNorm(), 1e-4);
        Assert.All(head.SingularValues().Zip(mixed.SingularValues()), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * head.SingularValues()[0]));
        Assert.Equal(Math.Exp(2 * head.LogNorm()), head.SingularValues().Sum(value => value * value), 1e-3 * Math.Exp(2 * head.LogNorm()));
    }

    // What no two starts' children can exceed, and what children of trained heads do.
    [Fact]
    public void Heads_that_share_only_a_start_stay_below_the_ceiling_and_children_of_trained_ones_do_not()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        var start = new ProductShape(Dimension, Width).Start();
        for (var head = 0; head < 40; head++)
        {
            var begun = Fresh(ref random);
            var (one, two) = (Trained(begun, ref random), Trained(begun, ref random));
            Assert.InRange(begun.Ceiling(new([begun.SingularValues()], 0)), 1 - 1e-9, 1 + 1e-9);
            Assert.True(one.Cosine(begun) <= one.Ceiling(new([begun.SingularValues()], 0)) + 1e-9);
            Assert.True(one.Cosine(two) < one.Ceiling(start) * two.Ceiling(start));
            var child = new HeadProduct(Noisy(one.Left, ref random), Noisy(one.Right, ref random), Dimension);
            Assert.True(child.Cosine(one) > one.Ceiling(start) * child.Ceiling(start));
        }
    }

    // Of four factors, with a shared rotary part of any size.
    [Fact]
    public void A_start_of_latent_attention_is_bounded_alike()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        var shape = new ProductShape(Dimension - 4, Width) { LeftRank = 24, RightRank = 16, SharedRows = 4 };
        var start = shape.Start();
        for (var head = 0; head < 20; head++)
        {
            var rotary = (float)Math.Exp(2 * random.NextGaussian());
            float[] up = PlantedUnits.Gaussian(ref random, Dimension * 24), down = PlantedUnits.Gaussian(ref random, 24 * Width);
            float[] keyUp = PlantedUnits.Gaussian(ref random, (Dimension - 4) * 16), keyDown = PlantedUnits.Gaussian(ref random, 16 * Width), shared = PlantedUnits.Gaussian(ref random, 4 * Width);
            HeadProduct Head(float[] left, float[] right) => new(
                Product(left, down, 24), [.. Product(right, keyDown, 16), .. shared.Select(value => value * rotary)], Dimension)
            { Shape = shape };
            var begun = Head(up, keyUp);
            // Whatever the size of the rotary part, a start is what the null takes it for.
            Assert.InRange(begun.Ceiling(start), 0.9, 1);
            var (one, two) = (Trained(begun, ref random), Trained(begun, ref random));
            Assert.True(one.Cosine(begun) < one.Ceiling(start));
            Assert.True(one.Cosine(two) < one.Ceiling(start) * two.Ceiling(start));
            var child = one with { Left = Noisy(one.Left, ref random), Right = Noisy(one.Right, ref random) };
            Assert.True(child.Cosine(one) > one.Ceiling(start) * child.Ceiling(start));
        }
    }

    // What the log norms of heads vary by where nothing was trained: heads of a layer share both down-projections.
    [Fact]
    public void Log_norms_of_starts_vary_as_stated()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 4);
        float[] down = PlantedUnits.Gaussian(ref random, 24 * Width), keyDown = PlantedUnits.Gaussian(ref random, 16 * Width);
        var logs = new double[400];
        for (var head = 0; head < logs.Length; head++)
        {
            logs[head] = new HeadProduct(
                Product(PlantedUnits.Gaussian(ref random, Dimension * 24), down, 24), Product(PlantedUnits.Gaussian(ref random, Dimension * 16), keyDown, 16), Dimension).LogNorm();
        }

        var (mean, stated) = (logs.Average(), new ProductShape(Dimension, Width) { LeftRank = 24, RightRank = 16 }.LogNormVariance);
        // The estimate from 400 has a deviation of 7 %, the fixed matrices differ from their average by some more.
        Assert.InRange(logs.Average(log => Math.Pow(log - mean, 2)), 0.5 * stated, 1.7 * stated);
    }

    private static float[] Product(float[] up, float[] down, int rank)
    {
        var product = new float[up.Length / rank * Width];
        RowProducts.Multiply(up, up.Length / rank, ParallelProducts.Transposed(down, rank, Width), Width, rank, product);
        return product;
    }

    private static HeadProduct Fresh(ref CounterRandom random) => new(PlantedUnits.Gaussian(ref random, Dimension * Width), PlantedUnits.Gaussian(ref random, Dimension * Width), Dimension);

    // Training writes a few strong directions over the start, the same on both sides of the product.
    private static HeadProduct Trained(HeadProduct start, ref CounterRandom random)
    {
        var (left, right) = (start.Left.ToArray(), start.Right.ToArray());
        var (strength, rightStrength) = (1.5f * RootMeanSquare(left), 1.5f * RootMeanSquare(right));
        for (var direction = 0; direction < 3; direction++)
        {
            var (inside, one, two) = (PlantedUnits.Gaussian(ref random, Dimension), PlantedUnits.Gaussian(ref random, Width), PlantedUnits.Gaussian(ref random, Width));
            for (var i = 0; i < left.Length; i++)
            {
                left[i] += strength * inside[i / Width] * one[i % Width];
                right[i] += rightStrength * inside[i / Width] * two[i % Width];
            }
        }

        return start with { Left = left, Right = right };
    }

    private static float[] Noisy(float[] values, ref CounterRandom random)
    {
        var (noise, deviation) = (PlantedUnits.Gaussian(ref random, values.Length), 0.05f * RootMeanSquare(values));
        return [.. values.Select((value, i) => value + (deviation * noise[i]))];
    }

    private static float RootMeanSquare(float[] values) => (float)Math.Sqrt(values.Average(value => (double)value * value));
}
