using System.Text.Json;
using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Architecture;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

public sealed class UnrelatedAgreementTests
{
    // Each pair is searched to the end in both directions; every run draws others.
    private const int Drawn = 5;

    [Fact]
    public void Bundled_figures_are_those_of_the_bundled_models()
    {
        Assert.Equal(15, UnrelatedAgreement.Pairs.Count);
        int[] drawn = [.. new CounterRandom(PlantedUnits.FreshSeed(), 15).Permutation(UnrelatedAgreement.Pairs.Count).Take(Drawn)];
        var measured = drawn.AsParallel().AsOrdered().Select(i => UnrelatedAgreement.Pairs[i]).Select(pair => (One: Share(pair.One, pair.Other), Other: Share(pair.Other, pair.One))).ToArray();
        foreach (var ((neurons, heads), (otherNeurons, otherHeads)) in measured)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{Math.Max(neurons, otherNeurons):0.0000} {Math.Max(heads, otherHeads):0.0000}"));
        }

        for (var i = 0; i < measured.Length; i++)
        {
            // Another vector width or library may move single neurons, of which there are eighty and more in a layer.
            Assert.Equal(UnrelatedAgreement.Pairs[drawn[i]].Share, Math.Max(measured[i].One.Neurons, measured[i].Other.Neurons), 0.03);
            // One of twelve heads weighs 0.083.
            Assert.Equal(UnrelatedAgreement.Heads[drawn[i]], Math.Max(measured[i].One.Heads, measured[i].Other.Heads), 0.09);
        }
    }

    private static (double Neurons, double Heads) Share(string suspect, string reference)
    {
        using var one = Checkpoint.Open(Path.Combine(Repository.Root, "samples", "controls", suspect));
        using var two = Checkpoint.Open(Path.Combine(Repository.Root, "samples", "controls", reference));
        var (a, b) = (Folded(one, suspect), Folded(two, reference));
        var reading = AlignmentReading.Within(a, b, 1L << 32)!;
        var token = TestContext.Current.CancellationToken;
        var (suspectRows, referenceRows) = AlignedPair.Read(a, b, TokenJoin.ByToken(one, two, 5000, 5000), reading, 1, 1, token);
        var (pair, agreement) = HiddenSearch.Run(suspectRows, referenceRows, [0.05], 1, _ => { }, token);
        return (agreement.Reached, TwoViewHeads.Of(pair, [0.05], 1, 1, token)!.Share);
    }

    // What these small models attend to does not always show how their heads are cut; their configurations say it.
    private static FoldedModel Folded(ITensorSource source, string name)
    {
        var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "samples", "controls", name, "config.json"))).RootElement;
        int Of(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (config.TryGetProperty(key, out var value))
                {
                    return value.GetInt32();
                }
            }

            return 0;
        }

        var anatomy = AnatomyReader.Read(source);
        var heads = Of("num_attention_heads", "n_head");
        return new FoldedModel(new ModelReader(
            source, anatomy with { Heads = new HeadLayout(heads, Of("num_key_value_heads", "num_attention_heads", "n_head"), anatomy.Width / heads, "config.json") }));
    }
}
