using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Evidence.Exact;

/// <summary>The stated null on real weights: when the reference's units are put in random order, hits of one group follow Poisson(1).</summary>
public class RelabellingNullTests
{
    private const int Relabellings = 20_000;
    private const int Seats = 64;

    [Theory]
    [InlineData("A1", "A2", false)]
    [InlineData("ft", "A1", false)]
    [InlineData("A2", "A1", true)]
    public void Hits_of_relabelled_trained_pairs_are_poisson(string suspectName, string referenceName, bool residual)
    {
        using var suspectSource = OpenSample(suspectName);
        using var referenceSource = OpenSample(referenceName);
        var suspect = new ModelReader(suspectSource, AnatomyReader.Read(suspectSource));
        var reference = new ModelReader(referenceSource, AnatomyReader.Read(referenceSource));
        var everything = new ReadingPlan(1, Full: true, long.MaxValue);
        UnitGroup[] layers = residual
            ? [ResidualUnits.FromEmbedding(suspect, reference, null, everything)!, ResidualUnits.FromLayers(suspect, reference, everything, 1)!]
            : [.. NeuronUnits.Choose(suspect, reference, everything, out _).Select(plan => NeuronUnits.Read(suspect, reference, plan))];
        var seed = PlantedUnits.FreshSeed();
        var tally = new long[7];
        var gate = new Lock();
        Parallel.For(0, Relabellings, new ParallelOptions { MaxDegreeOfParallelism = 2 }, trial =>
        {
            var random = new CounterRandom(seed, (ulong)trial);
            var layer = layers[trial % layers.Length];
            var group = Relabelled(layer, ref random);
            var hits = GroupMatching.Match(StandardUnits.From(group), CounterRandom.Mix(seed, (ulong)trial)).Hits;
            lock (gate)
            {
                tally[Math.Min(hits, tally.Length - 1)]++;
            }
        });

        // Chi-square with 5 degrees of freedom over 0, 1, 2, 3, 4, 5+; 35.9 is beyond 1e-6.
        double statistic = 0, expectedRest = 1, factorial = 1;
        for (var k = 0; k < 5; k++)
        {
            factorial *= Math.Max(1, k);
            var share = Math.Exp(-1) / factorial;
            expectedRest -= share;
            statistic += Math.Pow(tally[k] - (share * Relabellings), 2) / (share * Relabellings);
        }

        statistic += Math.Pow(tally[5] + tally[6] - (expectedRest * Relabellings), 2) / (expectedRest * Relabellings);
        TestContext.Current.TestOutputHelper?.WriteLine($"hits 0..6+: {string.Join(' ', tally)}; chi-square {statistic:0.0}");
        Assert.True(statistic < 35.9, $"hits 0..6+: {string.Join(' ', tally)}; chi-square {statistic:0.0}");

        // Super-uniform p-values: P(1/k! <= 0.01) is P(hits >= 5), at most 0.01 and 0.0037 under Poisson(1).
        Assert.True(tally[5] + tally[6] <= 0.012 * Relabellings);
    }

    private static UnitGroup Relabelled(UnitGroup layer, ref CounterRandom random)
    {
        var total = layer.Seats.Length;
        var chosen = random.Permutation(total).AsSpan(0, Seats).ToArray();
        var relabelled = (int[])chosen.Clone();
        random.Shuffle(relabelled);
        return layer with
        {
            Seats = [.. Enumerable.Range(0, Seats)],
            Views = [.. layer.Views.Select(view => view with
            {
                Suspect = Gather(view.Suspect, view.Length, chosen),
                Reference = Gather(view.Reference, view.Length, relabelled),
            })],
        };
    }

    private static float[] Gather(float[] rows, int length, int[] seats)
    {
        var result = new float[seats.Length * length];
        for (var i = 0; i < seats.Length; i++)
        {
            rows.AsSpan(seats[i] * length, length).CopyTo(result.AsSpan(i * length));
        }

        return result;
    }

    private static ITensorSource OpenSample(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pedigree.slnx")))
        {
            folder = folder.Parent;
        }

        return Checkpoint.Open(Path.Combine(folder!.FullName, "samples", name));
    }
}
