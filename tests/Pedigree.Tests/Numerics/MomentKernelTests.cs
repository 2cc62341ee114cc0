using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

/// <summary>The vectorised pass against its scalar twin, bit by bit.</summary>
public class MomentKernelTests
{
    [Fact]
    public void Vectorised_and_scalar_sums_are_the_same_bits()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        float[] odd = [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue / 1e6f, -1e-30f];
        for (var trial = 0; trial < 200; trial++)
        {
            var values = new float[random.NextInt(6000)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.NextInt(20) == 0 && trial % 2 == 0 ? odd[random.NextInt(odd.Length)] : (float)(0.3 + random.NextGaussian());
            }

            var (pivot, scale) = ((float)random.NextGaussian(), MathF.Pow(2, random.NextInt(9) - 4));
            var (fast, slow) = (new MomentSums(), new MomentSums());
            MomentKernel.Add(values, pivot, scale, ref fast);
            MomentKernel.AddScalar(values, pivot, scale, ref slow);
            Assert.Equal(slow, fast);
            Assert.Equal(values.Length, fast.Finite + fast.NotNumbers + fast.Infinite);
        }
    }
}
