using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class CentredGramTests
{
    [Fact]
    public void Product_is_the_unbiased_estimator_as_its_source_writes_it()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        const int n = 9, columns = 5;
        var (first, second) = (PlantedUnits.Gaussian(ref random, n * columns), PlantedUnits.Gaussian(ref random, n * columns));
        var (k, l) = (Kernel(first, n, columns), Kernel(second, n, columns));

        // Song et al., theorem 2: [tr(KL) + 1'K1 1'L1 / ((n-1)(n-2)) - 2/(n-2) 1'KL1] / (n(n-3)), diagonals zero.
        double trace = 0, both = 0, sumK = k.Cast<double>().Sum(), sumL = l.Cast<double>().Sum();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                trace += k[i, j] * l[j, i];
                for (var m = 0; m < n; m++)
                {
                    both += k[i, j] * l[j, m];
                }
            }
        }

        var expected = trace + (sumK * sumL / ((n - 1.0) * (n - 2))) - (2 * both / (n - 2));

        Assert.Equal(expected, CentredGram.Product(CentredGram.Of(first, columns), CentredGram.Of(second, columns)), 1e-8 * Math.Abs(trace));
    }

    [Fact]
    public void Mean_over_all_orders_is_zero()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var first = CentredGram.Of(PlantedUnits.Gaussian(ref random, 5 * 3), 3);
        var second = CentredGram.Of(PlantedUnits.Gaussian(ref random, 5 * 3), 3);

        var sum = Orders([0, 1, 2, 3, 4]).Sum(order => CentredGram.Product(first, second, order));

        Assert.Equal(0, sum, 1e-9 * Math.Sqrt(first.Square * second.Square));
    }

    [Fact]
    public void Reordering_both_sides_alike_and_shifting_all_rows_change_nothing()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var rows = PlantedUnits.Gaussian(ref random, 6 * 4);
        var other = PlantedUnits.Gaussian(ref random, 6 * 4);
        var order = random.Permutation(6);
        float[] moved = [.. order.SelectMany(row => rows.Skip(4 * row).Take(4).Select((value, column) => value + (column * 0.5f)))];
        var (whole, shifted, second) = (CentredGram.Of(rows, 4), CentredGram.Of(moved, 4), CentredGram.Of(other, 4));

        Assert.Equal(CentredGram.Product(whole, second), CentredGram.Product(second, whole), 1e-9);
        Assert.Equal(CentredGram.Product(second, whole, order), CentredGram.Product(second, shifted), 1e-4);
        Assert.Equal(whole.Square, shifted.Square, 1e-3 * whole.Square);
    }

    [Fact]
    public void Equal_rows_do_not_vary_and_three_are_too_few()
    {
        Assert.False(CentredGram.Of([.. Enumerable.Repeat(new[] { 0.3f, 1.7f, -2.1f }, 8).SelectMany(row => row)], 3).Varies);
        Assert.False(CentredGram.Of(new float[12], 3).Varies);
        Assert.True(CentredGram.Of([1, 0, 0, 1, 2, 0, 0, 3, 1, 1], 2).Varies);
        Assert.Throws<ArgumentException>(() => CentredGram.Of(new float[9], 3));
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private static double[,] Kernel(float[] rows, int n, int columns)
    {
        var kernel = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                kernel[i, j] = i == j ? 0 : Enumerable.Range(0, columns).Sum(column => (double)rows[(i * columns) + column] * rows[(j * columns) + column]);
            }
        }

        return kernel;
    }
}
