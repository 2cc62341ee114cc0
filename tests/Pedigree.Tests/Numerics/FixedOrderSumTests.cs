using CsCheck;
using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class FixedOrderSumTests
{
    [Fact]
    public void Products_have_the_bits_of_the_scalar_twin() => Gen.Select(Gen.Float[-1e3f, 1e3f], Gen.Float[-1e3f, 1e3f]).Array[0, 70].Sample(pairs =>
    {
        float[] a = [.. pairs.Select(pair => pair.Item1)], b = [.. pairs.Select(pair => pair.Item2)];
        Assert.Equal(BitConverter.DoubleToInt64Bits(FixedOrderSum.ProductsScalar(a, b)), BitConverter.DoubleToInt64Bits(FixedOrderSum.Products(a, b)));
    });

    [Fact]
    public void Added_products_have_the_bits_of_the_scalar_twin() => Gen.Select(Gen.Float[-1e3f, 1e3f], Gen.Float[-1e3f, 1e3f]).Array[0, 70].Sample(pairs =>
    {
        float[] a = [.. pairs.Select(pair => pair.Item1)], b = [.. pairs.Select(pair => pair.Item2)];
        double[] fast = [.. a.Select(value => 0.1 * value)], slow = [.. fast];
        FixedOrderSum.AddProducts(a, b, fast);
        FixedOrderSum.AddProductsScalar(a, b, slow);
        Assert.Equal(slow.Select(BitConverter.DoubleToInt64Bits), fast.Select(BitConverter.DoubleToInt64Bits));
    });

    [Fact]
    public void Unequal_lengths_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => FixedOrderSum.Products(new float[3], new float[4]));
}
