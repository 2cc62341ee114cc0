using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class SignTestTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 3, 0.125)]
    [InlineData(2, 3, 0.5)]
    [InlineData(8, 10, 56.0 / 1024)]
    [InlineData(0, 1000, 1)]
    public void Tails_are_sums_of_binomial_coefficients(int heads, int coins, double expected) => Assert.Equal(expected, SignTest.UpperTail(heads, coins), 12);

    [Fact]
    public void Both_tails_of_many_coins_are_complements()
    {
        for (var heads = 1; heads <= SignTest.Most; heads += 37)
        {
            // P(X ≥ k) + P(X ≥ n - k + 1) = 1, by symmetry.
            Assert.Equal(1, SignTest.UpperTail(heads, SignTest.Most) + SignTest.UpperTail(SignTest.Most - heads + 1, SignTest.Most), 10);
        }
    }

    [Fact]
    public void Counts_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SignTest.UpperTail(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignTest.UpperTail(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignTest.UpperTail(0, SignTest.Most + 1));
    }
}
