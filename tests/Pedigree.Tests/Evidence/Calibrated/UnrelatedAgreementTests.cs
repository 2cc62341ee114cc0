using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Tests.Architecture;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

public sealed class UnrelatedAgreementTests
{
    [Fact]
    public void Bundled_figures_are_those_of_the_bundled_models()
    {
        var measured = UnrelatedAgreement.Pairs.AsParallel().AsOrdered().Select(pair => Math.Max(Share(pair.One, pair.Other), Share(pair.Other, pair.One))).ToArray();
        for (var i = 0; i < measured.Length; i++)
        {
            // Another vector width or library may move single neurons, of which there are eighty and more in a layer.
            Assert.Equal(UnrelatedAgreement.Pairs[i].Share, measured[i], 0.03);
        }

        Assert.Equal(15, measured.Length);
    }

    private static double Share(string suspect, string reference)
    {
        using var one = Checkpoint.Open(Path.Combine(Repository.Root, "samples", "controls", suspect));
        using var two = Checkpoint.Open(Path.Combine(Repository.Root, "samples", "controls", reference));
        var (a, b) = (new FoldedModel(new ModelReader(one, AnatomyReader.Read(one))), new FoldedModel(new ModelReader(two, AnatomyReader.Read(two))));
        var reading = AlignmentReading.Within(a, b, 1L << 32, out _)!;
        var token = TestContext.Current.CancellationToken;
        var (suspectRows, referenceRows) = AlignedPair.Read(a, b, TokenJoin.ByToken(one, two, 5000, 5000), reading, 1, 1, token);
        return HiddenSearch.Run(suspectRows, referenceRows, [0.05], 1, _ => { }, token).Agreement.QuarterShare;
    }
}
