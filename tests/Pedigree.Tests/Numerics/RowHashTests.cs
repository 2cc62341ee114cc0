using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class RowHashTests
{
    [Fact]
    public void Vectorised_and_scalar_hashes_are_the_same()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        for (var trial = 0; trial < 200; trial++)
        {
            var values = PlantedUnits.Gaussian(ref random, random.NextInt(300));
            var seed = random.NextUInt64();
            Assert.Equal(RowHash.OfScalar(values, seed), RowHash.Of(values, seed));
        }
    }

    [Fact]
    public void Any_change_of_a_bit_changes_the_hash()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        var values = PlantedUnits.Gaussian(ref random, 16 + random.NextInt(200));
        var hashes = new HashSet<ulong> { RowHash.Of(values, 1), RowHash.Of(values, 2) };
        for (var at = 0; at < values.Length; at++)
        {
            var kept = values[at];
            for (var bit = 0; bit < 32; bit++)
            {
                values[at] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(kept) ^ (1u << bit));
                hashes.Add(RowHash.Of(values, 1));
            }

            values[at] = kept;
        }

        // Two among some thousand hashes of 64 bits are equal once in 10^11 runs.
        Assert.Equal(2 + (32 * values.Length), hashes.Count);
    }
}
