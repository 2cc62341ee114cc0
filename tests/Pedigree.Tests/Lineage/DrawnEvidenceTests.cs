using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>What a report holds for its pictures says what the tests say.</summary>
public class DrawnEvidenceTests
{
    private const string Stored = "mlp-neuron-order";
    private const string Undone = "two-view-agreement";

    [Theory]
    [InlineData("ft", 1, null)]
    [InlineData("cptdisguised", 0, 1)]
    [InlineData("A4", 0, 0)]
    public void Seats_lie_on_the_diagonal_where_the_tests_find_something(string suspect, int stored, int? undone)
    {
        var result = Compare(suspect);
        Assert.InRange(result.Seats.Count, 1, 1200);
        Assert.Equal(stored, Share(Stored), 0.05);
        if (undone is { } share)
        {
            Assert.Equal(share, Share(Undone), 0.1);
        }
        else
        {
            Assert.DoesNotContain(result.Seats, seat => seat.Test is Undone);
        }

        // Every layer is drawn, and from the first neuron to the last.
        Assert.Equal(4, result.Seats.Where(seat => seat.Test is Stored).Select(seat => seat.Layer).Distinct().Count());
        Assert.All(result.Seats.GroupBy(seat => (seat.Test, seat.Layer)), layer => Assert.True(layer.Max(seat => seat.Suspect) - layer.Min(seat => seat.Suspect) > 200));

        double Share(string test)
        {
            var seats = result.Seats.Where(seat => seat.Test == test).ToArray();
            return (double)seats.Count(seat => seat.Suspect == seat.Reference) / seats.Length;
        }
    }

    [Fact]
    public void Experts_made_from_one_mlp_are_traced_to_it()
    {
        var result = Compare("upcycled");
        Assert.All(result.LayerMap, link =>
        {
            // Of four experts a layer those that the seed drew are judged.
            Assert.InRange(link.Experts.Select(expert => expert.SuspectExpert).Distinct().Count(), 2, 4);
            Assert.All(link.Experts, expert => Assert.Equal((link.SuspectLayer, -1), (expert.ReferenceLayer, expert.ReferenceExpert)));
        });
        Assert.All(result.LayerMap.SelectMany(link => link.Experts), expert => Assert.InRange(expert.Share, 0.5, 1));
    }

    [Fact]
    public void The_old_score_comes_with_the_groups_that_its_percentile_is_from()
    {
        var result = Compare("A4");
        var score = result.Evidence.Single(item => item.Test is DepthCurveScore.Test);
        Assert.Equal(score.NullPercentile, score.NullGroups.Where(group => group.Relation is "unrelated-same-recipe").Min(group => group.ShareBelow));
        Assert.Equal(["unrelated-same-recipe", "unrelated-other-recipe", "related"], score.NullGroups.Select(group => group.Relation).Distinct());
        Assert.All(score.NullGroups, group =>
        {
            Assert.Equal(group.Points.OrderBy(point => point.Share), group.Points);
            Assert.Equal(group.Points.OrderBy(point => point.Value), group.Points);
            Assert.Equal(1, group.Points[^1].Share);
        });
        // Attention has a band of real models behind it, the other curves have none.
        Curve[] banded = [.. result.Curves.Where(curve => curve.NullBand.Count > 0)];
        Assert.Equal(["query-deviation", "key-deviation", "value-deviation", "output-deviation"], banded.Select(curve => curve.Name));
        Assert.All(banded, curve => Assert.Equal(6, curve.NullBand.Count));
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(7, 6)]
    [InlineData(12, 12)]
    [InlineData(28, 24)]
    [InlineData(94, 24)]
    public void The_band_is_that_of_the_nearest_depth_and_its_quantiles_are_in_order(int depth, int nearest)
    {
        foreach (var part in new[] { Part.Query, Part.Key, Part.Value, Part.AttentionOutput })
        {
            var (band, source) = SigmaCurveBank.Nearest(part, depth);
            Assert.Equal(nearest, band.Count);
            Assert.All(band, point => Assert.True(point.Low <= point.LowerQuartile && point.LowerQuartile <= point.UpperQuartile && point.UpperQuartile <= point.High, $"{part}: {point}"));
            Assert.Contains($"{nearest} layers", source, StringComparison.Ordinal);
        }
    }

    private static ComparisonResult Compare(string suspect) => Comparisons.Of(Repository.Sample(suspect), Repository.Sample("A1"));
}
