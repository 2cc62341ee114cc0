using System.Numerics;
using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class FixedPointsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void One_group_equals_enumeration(int size)
    {
        var counts = new int[size + 1];
        var permutations = 0;
        foreach (var permutation in Permutations(size))
        {
            permutations++;
            counts[permutation.Where((value, index) => value == index).Count()]++;
        }

        for (var hits = 0; hits <= size; hits++)
        {
            var expected = Math.Log10(counts.Skip(hits).Sum() / (double)permutations);
            Assert.Equal(expected, FixedPoints.Log10Tail(1, size, hits), 1e-12);
            Assert.True(FixedPoints.Log10OneGroupBound(hits) >= expected - 1e-12);
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(7, 8)]
    [InlineData(30, 16)]
    [InlineData(5, 64)]
    [InlineData(80, 4)]
    public void Several_groups_equal_exact_integer_convolution_and_stay_below_the_bound(int groups, int size)
    {
        var tails = ExactLog10Tails(groups, size);
        for (var hits = 0; hits < tails.Length; hits++)
        {
            var actual = FixedPoints.Log10Tail(groups, size, hits);
            Assert.True(Math.Abs(actual - tails[hits]) <= 1e-11 + 1e-12 * Math.Abs(tails[hits]), $"{groups}x{size}, {hits}: {tails[hits]:R} {actual:R}");
            Assert.True(FixedPoints.Log10OrderBound(groups, hits) >= tails[hits] - 1e-9, $"{groups}x{size}, {hits}");
        }

        Assert.Equal(double.NegativeInfinity, FixedPoints.Log10Tail(groups, size, groups * size + 1));
    }

    [Theory]
    [InlineData(5000, 64)]
    [InlineData(5000, 2)]
    [InlineData(1000, 64)]
    public void Many_groups_stay_finite_ordered_and_below_the_bound(int groups, int size)
    {
        var most = groups * size;
        var before = 0.1;
        foreach (var hits in new[] { 1, groups / 2, groups, groups + 1, groups + groups / 10, most / 2, most - 2, most }.Order())
        {
            var value = FixedPoints.Log10Tail(groups, size, hits);
            Assert.True(double.IsFinite(value) && value <= before, $"{hits}: {value}");
            Assert.True(FixedPoints.Log10OrderBound(groups, hits) >= value - 1e-9);
            before = value;
        }

        Assert.Equal(-groups * LogProbability.Log10Factorial(size), before);
    }

    [Fact]
    public void Agrees_with_simulation()
    {
        const ulong Seed = 41;
        const int Groups = 12, Size = 10, Draws = 40_000;
        output.WriteLine($"seed {Seed}");
        var random = new CounterRandom(Seed, 0);
        var counts = new int[Groups * Size + 1];
        for (var draw = 0; draw < Draws; draw++)
        {
            var hits = 0;
            for (var group = 0; group < Groups; group++)
            {
                hits += random.Permutation(Size).Where((value, index) => value == index).Count();
            }

            counts[hits]++;
        }

        for (var hits = 5; hits <= 25; hits++)
        {
            var expected = Math.Pow(10, FixedPoints.Log10Tail(Groups, Size, hits));
            var noise = 5 * Math.Sqrt(expected * (1 - expected) / Draws) + 1.0 / Draws;
            Assert.Equal(expected, counts.Skip(hits).Sum() / (double)Draws, noise);
        }
    }

    [Fact]
    public void Sample_bound_is_the_expected_number_of_fixed_subsets()
    {
        const int Size = 6, Sampled = 4;
        var (tail, subsets, permutations) = (new double[Sampled + 1], new double[Sampled + 1], 0);
        foreach (var permutation in Permutations(Size))
        {
            permutations++;
            var hits = permutation.Take(Sampled).Where((value, index) => value == index).Count();
            for (var k = 0; k <= hits; k++)
            {
                tail[k]++;
                subsets[k] += Choose(hits, k);
            }
        }

        for (var k = 0; k <= Sampled; k++)
        {
            var bound = FixedPoints.Log10OneSidedSample(Sampled, Size, k);
            Assert.Equal(Math.Log10(subsets[k] / permutations), bound, 1e-12);
            Assert.True(bound >= Math.Log10(tail[k] / permutations) - 1e-12);
        }

        Assert.Equal(double.NegativeInfinity, FixedPoints.Log10OneSidedSample(Sampled, Size, Sampled + 1));
        Assert.Equal(FixedPoints.Log10OneGroupBound(9), FixedPoints.Log10OneSidedSample(1_000_000, 1_000_000, 9), 1e-12);

        static double Choose(int n, int k) =>
            Enumerable.Range(0, k).Aggregate(1.0, (product, i) => product * (n - i) / (i + 1));
    }

    [Fact]
    public void Order_bound_follows_its_formula_and_bad_counts_are_refused()
    {
        Assert.Equal(0, FixedPoints.Log10OrderBound(5, 0));
        Assert.Equal(0, FixedPoints.Log10OrderBound(5, 5));
        Assert.Equal(-Math.Log10(6), FixedPoints.Log10OrderBound(1, 3), 1e-12);
        Assert.Equal((25 + 50 * Math.Log(0.5)) / Math.Log(10), FixedPoints.Log10OrderBound(25, 50), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoints.Log10OrderBound(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoints.Log10Tail(0, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoints.Log10Tail(1, 65, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoints.Log10OneSidedSample(5, 4, 1));
    }

    private static IEnumerable<int[]> Permutations(int size)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }

        foreach (var shorter in Permutations(size - 1))
        {
            for (var at = 0; at < size; at++)
            {
                yield return [.. shorter[..at], size - 1, .. shorter[at..]];
            }
        }
    }

    private static double[] ExactLog10Tails(int groups, int size)
    {
        // Number of permutations with j fixed points: C(size, j) times the derangements of the rest.
        var derangements = new BigInteger[size + 1];
        derangements[0] = 1;
        for (var n = 1; n <= size; n++)
        {
            derangements[n] = n * derangements[n - 1] + (n % 2 == 0 ? 1 : -1);
        }

        var single = new BigInteger[size + 1];
        var choose = BigInteger.One;
        for (var j = 0; j <= size; j++)
        {
            single[j] = choose * derangements[size - j];
            choose = choose * (size - j) / (j + 1);
        }

        BigInteger[] sum = [1];
        for (var group = 0; group < groups; group++)
        {
            var next = new BigInteger[sum.Length + size];
            for (var i = 0; i < sum.Length; i++)
            {
                for (var j = 0; j <= size; j++)
                {
                    next[i + j] += sum[i] * single[j];
                }
            }

            sum = next;
        }

        var all = sum.Aggregate(BigInteger.Zero, (total, count) => total + count);
        var tails = new double[sum.Length];
        var tail = BigInteger.Zero;
        for (var hits = sum.Length - 1; hits >= 0; hits--)
        {
            tail += sum[hits];

            // Near one the difference of two logarithms would lose what the complement keeps.
            tails[hits] = tail * 2 > all
                ? LogProbability.Log10Complement(Math.Exp(BigInteger.Log(all - tail) - BigInteger.Log(all)))
                : (BigInteger.Log(tail) - BigInteger.Log(all)) / Math.Log(10);
        }

        return tails;
    }
}
