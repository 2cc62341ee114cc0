using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

public sealed class HardNegativesTests
{
    [Fact]
    public void AProfileCloneSharesSpectraAndNoDirection()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            var parent = RandomDecoder.Create(shape, seed);
            var clone = HardNegatives.ProfileClone(parent, seed);
            foreach (var slot in shape.Slots().Where(slot => !slot.IsVector && slot.Rows > 1))
            {
                var (before, after) = (parent[slot.Name], clone[slot.Name]);
                Assert.Equal(before.RootMeanSquare(), after.RootMeanSquare(), 1e-4 * before.RootMeanSquare());
                var values = Spectrum(before).Zip(Spectrum(after)).ToArray();
                Assert.All(values, pair => Assert.Equal(pair.First, pair.Second, 1e-4 * values[0].First));
                Assert.NotEqual(before.Values, after.Values);
            }
        }
    }

    [Fact]
    public void SingularValuesSumToTheNormAndSurviveRotation()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var weights = new Weights(12, 30);
        weights.Map(_ => (float)random.NextGaussian());
        var values = SingularValues.Of(weights);
        Assert.Equal(weights.Values.Sum(value => (double)value * value), values.Sum(value => value * value), 1e-3);
        var turned = SingularValues.Of(RightProduct.Of(weights, OrthogonalMatrix.Haar(ref random, 30, 30), 30));
        Assert.All(values.Zip(turned), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void ForgeriesKeepTheFunctionAndImitateTheOrder()
    {
        var seed = PlantedUnits.FreshSeed();
        // Wide enough that the mean cosine of unrelated rows, some 0.01, is far from that of assigned ones, above 0.1.
        foreach (var shape in FreshShapes.All(seed).Where(shape => shape.Experts == 0).Select(shape => shape with { Layers = 2, Width = 64, Neurons = 160 }))
        {
            var (model, target) = (RandomDecoder.Create(shape, seed), RandomDecoder.Create(shape, seed + 1));
            var tokens = Truth.Range(8);
            foreach (var forged in new[] { Forgery.Naive(model, target), Forgery.Careful(model, target) })
            {
                Assert.True(DecoderForward.RelativeDifference(model, forged, tokens) < 1e-5);
                Assert.True(Diagonal(forged, target) > Diagonal(model, target) + 0.03, $"{Diagonal(model, target)} to {Diagonal(forged, target)}");
            }
        }
    }

    [Fact]
    public void AssignmentIsTheBestOfAllOrders()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        for (var round = 0; round < 20; round++)
        {
            var n = 1 + random.NextInt(6);
            var scores = Enumerable.Range(0, n * n).Select(_ => random.NextGaussian()).ToArray();
            var found = Assignment.Largest(scores, n);
            Assert.Equal(Truth.Range(n), found.Order());
            Assert.Equal(Orders(Truth.Range(n)).Max(order => Sum(order)), Sum(found), 1e-9);

            double Sum(int[] order) => order.Select((column, row) => scores[(row * n) + column]).Sum();
        }
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length <= 1 ? [items]
        : items.SelectMany((item, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (int[])[item, .. rest]));

    private static double[] Spectrum(Weights weights) => SingularValues.Of(weights.Rows <= weights.Columns ? weights : weights.Transpose());

    private static double Diagonal(DecoderModel left, DecoderModel right)
    {
        var name = left.Shape.Gated ? Slot.Gate(0, Slot.Dense) : Slot.Up(0, Slot.Dense);
        return Truth.Range(left.Shape.Neurons).Average(row => Cosine(left[name].Row(row).ToArray(), right[name].Row(row).ToArray()));
    }

    private static double Cosine(float[] left, float[] right)
    {
        double Product(float[] x, float[] y) => x.Zip(y).Sum(pair => (double)pair.First * pair.Second);
        return Product(left, right) / Math.Sqrt(Product(left, left) * Product(right, right));
    }
}
