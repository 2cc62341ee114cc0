using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Manipulations;

public sealed class MergingTests
{
    [Fact]
    public void EveryMethodDoesWhatItsPaperSays()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = FreshShapes.All(seed)[0];
        var origin = RandomDecoder.Create(shape, seed);
        var (one, two) = (Perturbations.Noise(0.95).Apply(origin, 1).Model, Perturbations.Noise(0.95).Apply(origin, 2).Model);
        float[] Values(DecoderModel model) => model[Slot.Up(1, Slot.Dense)].Values;
        var (a, b, c) = (Values(origin), Values(one), Values(two));
        var expectedTies = Ties(a, b, c, 0.4, 0.7, 0.3);
        AssertClose(Values(Merging.Linear([one, two], 0.3, 0.7).Model), i => (0.3 * b[i]) + (0.7 * c[i]));
        AssertClose(Values(Merging.TaskArithmetic(origin, [one, two], 0.5, 0.8).Model), i => a[i] + (0.5 * (b[i] - a[i])) + (0.8 * (c[i] - a[i])));
        AssertClose(Values(Merging.Ties(origin, [one, two], 0.4, 0.7, 0.3).Model), i => expectedTies[i]);
        Assert.Equal(c, Values(Merging.LayerWise([one, two], [.. Enumerable.Range(0, shape.Layers).Select(layer => layer % 2)]).Model));

        var dare = Values(Merging.Dare(origin, [one], 0.75, seed, 1).Model);
        Assert.All(dare.Select((value, i) => (value, i)), entry =>
            Assert.True(entry.value == a[entry.i] || Math.Abs(entry.value - a[entry.i] - (4 * ((double)b[entry.i] - a[entry.i]))) < 1e-5));
        // A binomial share of 1/4, five deviations and more to either side.
        var rest = Math.Sqrt(0.25 * 0.75 / a.Length) * 6;
        Assert.InRange(dare.Where((value, i) => value != a[i]).Count() / (double)a.Length, 0.25 - rest, 0.25 + rest);
    }

    [Fact]
    public void SlerpKeepsTheAngleInProportion()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = FreshShapes.All(seed)[0];
        var (one, two) = (RandomDecoder.Create(shape, seed), RandomDecoder.Create(shape, seed + 1));
        var name = Slot.Query(0);
        var factor = one[name].RootMeanSquare() / two[name].RootMeanSquare();
        two[name].Map(value => (float)(value * factor));
        var merged = Merging.Slerp(one, two, 0.25).Model;
        var whole = Angle(one[name].Values, two[name].Values);
        Assert.Equal(0.25 * whole, Angle(one[name].Values, merged[name].Values), 1e-4);
    }

    [Fact]
    public void OnlyOneShapeIsMerged()
    {
        var shapes = FreshShapes.All(3);
        Assert.Throws<ArgumentException>(() => Merging.Linear([RandomDecoder.Create(shapes[0], 1), RandomDecoder.Create(shapes[1], 1)], 0.5, 0.5));
        Assert.Throws<ArgumentException>(() => Merging.Linear([RandomDecoder.Create(shapes[0], 1)], 0.5, 0.5));
    }

    private static double[] Ties(float[] origin, float[] one, float[] two, double density, double first, double second)
    {
        var differences = new[] { (one, first), (two, second) }.Select(pair =>
        {
            var all = pair.Item1.Select((value, i) => (double)value - origin[i]).ToArray();
            var limit = all.Select(Math.Abs).OrderDescending().ElementAt((int)Math.Ceiling(density * all.Length) - 1);
            return (Values: all.Select(difference => Math.Abs(difference) >= limit ? difference : 0).ToArray(), Weight: pair.Item2);
        }).ToArray();
        return [.. origin.Select((value, i) =>
        {
            var sign = Math.Sign(differences.Sum(difference => difference.Weight * difference.Values[i]));
            var agreeing = differences.Where(difference => difference.Values[i] != 0 && Math.Sign(difference.Values[i]) == sign).ToArray();
            return value + (agreeing.Length == 0 ? 0 : agreeing.Sum(difference => difference.Weight * difference.Values[i]) / agreeing.Sum(difference => difference.Weight));
        })];
    }

    private static double Angle(float[] left, float[] right)
    {
        double Product(float[] x, float[] y) => x.Zip(y).Sum(pair => (double)pair.First * pair.Second);
        return Math.Acos(Product(left, right) / Math.Sqrt(Product(left, left) * Product(right, right)));
    }

    private static void AssertClose(float[] found, Func<int, double> expected) =>
        Assert.All(found.Select((value, i) => (value, i)), entry => Assert.Equal(expected(entry.i), entry.value, 1e-5));
}
