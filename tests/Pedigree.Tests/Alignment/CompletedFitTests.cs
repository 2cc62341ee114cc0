using Pedigree.Alignment;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Calibrated;
using Pedigree.Tests.Lineage;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>A half of the layers for which no map was found, and the other half that shows a relation.</summary>
public sealed class CompletedFitTests
{
    [Fact]
    public void A_missed_half_is_found_from_the_other_and_a_stranger_is_not()
    {
        Assert.Equal([0, 1, 2, 3], Completed("cptdisguised"));
        // Strangers have no links to begin with; one that is made up leads nowhere.
        var stranger = Completed("A2");
        Assert.DoesNotContain(Enumerable.Range(0, 4), layer => stranger[layer] == layer);
    }

    // What is linked after one half was made to miss everything, each layer at 15 % or more.
    private static int[] Completed(string name)
    {
        var token = TestContext.Current.CancellationToken;
        using var one = Checkpoint.Open(Repository.Sample(name));
        using var two = Checkpoint.Open(Repository.Sample("A1"));
        var (suspect, reference) = (Folding.Of(one), Folding.Of(two));
        var reading = AlignmentReading.Within(suspect, reference, 1 << 30)!;
        var (a, b) = AlignedPair.Read(suspect, reference, null, reading, 1, 1, token);
        var pair = AlignedPair.OfLayers(a, b, 2, _ => { }, token);
        var missed = pair.Fit.Halves[0];
        int[] links = [.. pair.Fit.Halves.Select((half, layer) => half == missed ? -1 : layer)];
        foreach (var layer in Enumerable.Range(0, links.Length).Where(layer => links[layer] < 0))
        {
            Array.Clear(pair.Fit.Held.Agreeing[layer]);
        }

        var maps = pair.Fit.Maps.ToArray();
        maps[missed] = null;
        var fit = CompletedFit.Of(pair with { Fit = pair.Fit with { Maps = maps } }, links, 2, token);
        return [.. Enumerable.Range(0, links.Length).Select(layer => fit.Held.Share(layer, fit.Held.Best(layer)) >= 3 * UnrelatedAgreement.Shares.Max() ? fit.Held.Best(layer) : -1)];
    }
}
