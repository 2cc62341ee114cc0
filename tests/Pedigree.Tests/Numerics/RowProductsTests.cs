using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class RowProductsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 40, 7)]
    [InlineData(13, 1, 193)]
    [InlineData(6, 16, 192)]
    [InlineData(8, 32, 384)]
    [InlineData(7, 33, 191)]
    [InlineData(200, 270, 5)]
    [InlineData(65, 259, 395)]
    public void Every_tile_agrees_with_the_scalar_twin(int m, int n, int k) => AssertAgreement(m, n, k, seed: 7);

    [Fact]
    public void Every_tile_agrees_with_the_scalar_twin_over_random_shapes()
    {
        var random = new CounterRandom(11, 0);
        for (var draw = 0; draw < 60; draw++)
        {
            AssertAgreement(1 + random.NextInt(50), 1 + random.NextInt(80), 1 + random.NextInt(500), (ulong)draw);
        }
    }

    [Fact]
    public void All_widths_give_the_same_bits()
    {
        const int M = 45, N = 77, K = 517;
        var (a, b, _) = Draw(M, N, K, 3);
        var (wide, medium, narrow) = (new float[M * N], new float[M * N], new float[M * N]);
        RowProducts.Multiply<WideProductTile>(a, M, b, N, K, wide, accumulate: false);
        RowProducts.Multiply<MediumProductTile>(a, M, b, N, K, medium, accumulate: false);
        RowProducts.Multiply<NarrowProductTile>(a, M, b, N, K, narrow, accumulate: false);
        Assert.Equal(wide, medium);
        Assert.Equal(wide, narrow);
    }

    [Fact]
    public void A_product_depends_only_on_its_rows_and_swapping_operands_transposes_the_bits()
    {
        const int M = 45, N = 300, K = 400;
        var (a, b, _) = Draw(M, N, K, 4);
        var whole = new float[M * N];
        var swapped = new float[M * N];
        RowProducts.Multiply(a, M, b, N, K, whole);
        RowProducts.Multiply(b, N, a, M, K, swapped);
        var single = new float[1];
        for (var i = 0; i < M; i += 11)
        {
            for (var j = 0; j < N; j += 7)
            {
                RowProducts.Multiply(a.AsSpan(i * K, K), 1, b.AsSpan(j * K, K), 1, K, single);
                Assert.Equal(single[0], whole[i * N + j]);
                Assert.Equal(single[0], swapped[j * M + i]);
            }
        }
    }

    [Fact]
    public void Empty_shapes_are_allowed_and_bad_arguments_are_not()
    {
        var result = new float[] { 5, 5 };
        RowProducts.Multiply([], 0, new float[12], 3, 4, result);
        RowProducts.Multiply([], 1, [], 2, 0, result, accumulate: true);
        Assert.Equal([5f, 5f], result);
        RowProducts.Multiply([], 1, [], 2, 0, result);
        Assert.Equal([0f, 0f], result);
        Assert.Throws<ArgumentOutOfRangeException>(() => RowProducts.Multiply([], -1, [], 0, 0, []));
        Assert.Throws<ArgumentException>(() => RowProducts.Multiply(new float[3], 2, new float[4], 2, 2, new float[4]));
        Assert.Throws<ArgumentException>(() => RowProducts.Multiply(new float[4], 2, new float[3], 2, 2, new float[4]));
        Assert.Throws<ArgumentException>(() => RowProducts.Multiply(new float[4], 2, new float[4], 2, 2, new float[3]));
    }

    private static void AssertAgreement(int m, int n, int k, ulong seed)
    {
        var (a, b, initial) = Draw(m, n, k, seed);

        // Rounding is relative to the sum of the sizes of the terms.
        var sizes = new float[m * n];
        RowProducts.MultiplyScalar([.. a.Select(Math.Abs)], m, [.. b.Select(Math.Abs)], n, k, sizes);
        foreach (var accumulate in new[] { false, true })
        {
            var expected = (float[])initial.Clone();
            RowProducts.MultiplyScalar(a, m, b, n, k, expected, accumulate);
            Check((target) => RowProducts.Multiply(a, m, b, n, k, target, accumulate));
            Check((target) => RowProducts.Multiply<WideProductTile>(a, m, b, n, k, target, accumulate));
            Check((target) => RowProducts.Multiply<MediumProductTile>(a, m, b, n, k, target, accumulate));
            Check((target) => RowProducts.Multiply<NarrowProductTile>(a, m, b, n, k, target, accumulate));

            void Check(Action<float[]> multiply)
            {
                // A guard behind the result catches stores past the last tile.
                var actual = new float[m * n + 64];
                initial.CopyTo(actual, 0);
                actual.AsSpan(m * n).Fill(77);
                multiply(actual);
                Assert.All(actual[(m * n)..], guard => Assert.Equal(77, guard));
                for (var entry = 0; entry < m * n; entry++)
                {
                    var error = Math.Abs(actual[entry] - expected[entry]);
                    Assert.True(error <= 4e-6f * (sizes[entry] + Math.Abs(initial[entry])), $"entry {entry / n},{entry % n} of {m}x{n}x{k}, seed {seed}");
                }
            }
        }
    }

    private static (float[] A, float[] B, float[] Initial) Draw(int m, int n, int k, ulong seed)
    {
        var random = new CounterRandom(seed, 1);
        return (Gaussians(m * k), Gaussians(n * k), Gaussians(m * n));

        float[] Gaussians(int count)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = (float)random.NextGaussian();
            }

            return values;
        }
    }
}
