using Pedigree.Numerics;
using Pedigree.Tests.Checkpoints.Gguf;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Blocks;

public class KnownErrorTests
{
    private const int Values = 1 << 16;

    // Relative root mean square error of the reference quantiser of ggml on normal values, measured once over a million of them, and bits a value.
    public static TheoryData<string, double, double> Known => new()
    {
        { "Q4_0", 0.08592, 4.5 }, { "Q4_1", 0.07821, 5 }, { "Q5_0", 0.04266, 5.5 }, { "Q5_1", 0.03785, 6 }, { "Q8_0", 0.00535, 8.5 }, { "Q8_1", 0.00535, 9 },
        { "Q2_K", 0.29610, 2.625 }, { "Q3_K", 0.15076, 3.4375 }, { "Q4_K", 0.07129, 4.5 }, { "Q5_K", 0.03609, 5.5 }, { "Q6_K", 0.01772, 6.5625 }, { "Q8_K", 0.00697, 9.125 },
        { "IQ4_NL", 0.07867, 4.5 }, { "IQ4_XS", 0.07677, 4.25 }, { "TQ1_0", 0.80752, 1.6875 }, { "TQ2_0", 0.80623, 2.0625 }, { "MXFP4", 0.11473, 4.25 }, { "NVFP4", 0.09511, 4.5 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void The_error_on_normal_values_is_that_of_the_type(string type, double known, double bits)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var values = PlantedUnits.Gaussian(ref random, Values);

        var read = TestQuantiser.Values(type, TestQuantiser.Store(type, values));

        var error = Math.Sqrt(values.Zip(read).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / values.Sum(value => (double)value * value));
        TestContext.Current.TestOutputHelper?.WriteLine($"{type}: {error:F5}, known {known:F5}");

        // No code of so many bits can do better than Shannon's bound, 2^-bits, and no scale is misread if the error is near the known one: the
        // reference searches for scales where the quantiser here takes extremes, which costs up to a third.
        Assert.InRange(error, Math.Max(Math.Pow(2, -bits), 0.9 * known), 1.35 * known);
    }
}
