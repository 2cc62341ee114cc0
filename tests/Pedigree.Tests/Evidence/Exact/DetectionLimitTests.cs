using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Evidence.Exact;

/// <summary>The printed detection limit against planted rows, at shapes that no one chose.</summary>
public class DetectionLimitTests
{
    private const int Trials = 10;

    [Fact]
    public void Limit_agrees_with_planted_rows_within_ten_percent()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 1);
        for (var shape = 0; shape < 4; shape++)
        {
            // One large shape a run: it alone takes longer than the small ones together.
            var width = 64 + random.NextInt(shape == 0 ? 961 : 200);
            var total = width * (2 + random.NextInt(3));
            // More than this many seats are matched in blocks, of which one is enough here; the ceiling is still that of all seats.
            var seats = Math.Min(Pedigree.Units.UnitGroup.LargestBlock, total);
            var layers = 2 + random.NextInt(width > 300 ? 2 : 7);
            var gated = random.NextInt(4) > 0;
            var limit = LimitOf(ref random, width, seats, total, layers, gated, seed);
            var above = Found(ref random, width, seats, total, layers, gated, limit * 1.1, seed);
            var below = Found(ref random, width, seats, total, layers, gated, limit * 0.9, seed);
            TestContext.Current.TestOutputHelper?.WriteLine($"d={width} n={seats} of {total} L={layers} gated={gated}: limit {limit:0.0000}, found {above}/{Trials} at +10 %, {below}/{Trials} at -10 %");
            Assert.True(above >= Trials - 2, $"d={width} n={seats} of {total} L={layers} gated={gated} limit={limit:0.0000}: only {above} of {Trials} found 10 % above it");
            Assert.True(below <= Trials - 2, $"d={width} n={seats} of {total} L={layers} gated={gated} limit={limit:0.0000}: {below} of {Trials} found 10 % below it");
        }
    }

    private static double LimitOf(ref CounterRandom random, int width, int seats, int total, int layers, bool gated, ulong seed)
    {
        var groups = new List<Pedigree.Units.UnitGroup>();
        for (var layer = 0; layer < layers; layer++)
        {
            groups.Add(PlantedUnits.Layer(ref random, layer, width, seats, 0, gated, total));
        }

        return PlantedUnits.Run(groups, seed).Limit(-6)!.Value;
    }

    private static int Found(ref CounterRandom random, int width, int seats, int total, int layers, bool gated, double cosine, ulong seed)
    {
        var found = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var groups = new List<Pedigree.Units.UnitGroup>();
            for (var layer = 0; layer < layers; layer++)
            {
                groups.Add(PlantedUnits.Layer(ref random, layer, width, seats, cosine, gated, total));
            }

            var test = PlantedUnits.Run(groups, CounterRandom.Mix(seed, (ulong)trial)).Test!;
            found += test.Log10P <= -6 && test.Companion is { Passed: true } ? 1 : 0;
        }

        return found;
    }
}
