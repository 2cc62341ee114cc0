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
        var start = HeadProduct.OfStart(Dimension, Width);
        for (var head = 0; head < 40; head++)
        {
            var begun = Fresh(ref random);
            var (one, two) = (Trained(begun, ref random), Trained(begun, ref random));
            Assert.InRange(begun.Ceiling(begun.SingularValues()), 1 - 1e-9, 1 + 1e-9);
            Assert.True(one.Cosine(begun) <= one.Ceiling(begun.SingularValues()) + 1e-9);
            Assert.True(one.Cosine(two) < one.Ceiling(start) * two.Ceiling(start));
            var child = new HeadProduct(Noisy(one.Left, ref random), Noisy(one.Right, ref random), Dimension);
            Assert.True(child.Cosine(one) > one.Ceiling(start) * child.Ceiling(start));
        }
    }

    private static HeadProduct Fresh(ref CounterRandom random) => new(PlantedUnits.Gaussian(ref random, Dimension * Width), PlantedUnits.Gaussian(ref random, Dimension * Width), Dimension);

    // Training writes a few strong directions over the start, the same on both sides of the product.
    private static HeadProduct Trained(HeadProduct start, ref CounterRandom random)
    {
        var (left, right) = (start.Left.ToArray(), start.Right.ToArray());
        for (var direction = 0; direction < 3; direction++)
        {
            var (inside, one, two) = (PlantedUnits.Gaussian(ref random, Dimension), PlantedUnits.Gaussian(ref random, Width), PlantedUnits.Gaussian(ref random, Width));
            for (var i = 0; i < left.Length; i++)
            {
                left[i] += 1.5f * inside[i / Width] * one[i % Width];
                right[i] += 1.5f * inside[i / Width] * two[i % Width];
            }
        }

        return new HeadProduct(left, right, Dimension);
    }

    private static float[] Noisy(float[] values, ref CounterRandom random)
    {
        var noise = PlantedUnits.Gaussian(ref random, values.Length);
        return [.. values.Select((value, i) => value + (0.1f * noise[i]))];
    }
}
