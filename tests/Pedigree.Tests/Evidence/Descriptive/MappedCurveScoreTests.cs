using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class MappedCurveScoreTests
{
    private static readonly Curve Dropped = new("query-deviation", [5, 2, 7], [9, 5, 1, 2, 8, 7]);

    [Fact]
    public void Layers_are_compared_with_those_that_they_were_made_from()
    {
        var item = MappedCurveScore.Of([Dropped], 3, 6, [(0, 1), (1, 3), (2, 5)])!;

        Assert.Equal(1, item.Statistic!.Value, 1e-12);
        Assert.Equal(1, item.NullPercentile);
        Assert.InRange(item.NullExpectation!.Value, -1, 0);
        Assert.Equal((Tier.Descriptive, (double?)null), (item.Tier, item.Log10P));
        Assert.Contains("0 from 1, 1 from 3, 2 from 5", item.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_added_where_no_map_or_no_curve_is_known()
    {
        Assert.Null(MappedCurveScore.Of([Dropped], 3, 6, [(0, 1), (1, 3)]));
        Assert.Null(MappedCurveScore.Of([], 3, 6, [(0, 1), (1, 3), (2, 5)]));
        Assert.Null(MappedCurveScore.Of([new Curve("query-deviation", [1, 2, 3], [3, 2, 1])], 3, 3, [(0, 0), (1, 1), (2, 2)]));
        Assert.Null(MappedCurveScore.Of([new Curve("query-deviation", [1, 1, 1], [3, 2, 1])], 3, 3, [(0, 2), (1, 1), (2, 0)])!.Statistic);
    }
}
