using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

public class WorkEstimateTests
{
    // Two models of 590,688 values in BF16; 4 layers of 256 neurons, each described by 96 values of gate, of up and of down.
    private const long ModelBytes = 590_688 * 2;
    private const double Products = 4 * 256.0 * 256 * (3 * 96) * 2;

    [Fact]
    public void The_work_is_estimated_once_before_it_starts()
    {
        var sink = Run(full: false, ComparisonRequest.DefaultBudgetBytes, "A1");
        Assert.Equal([(2 * ModelBytes, Products)], sink.Estimates);
        Assert.True(sink.WasFirst);
    }

    [Fact]
    public void A_budget_bounds_the_bytes_and_sampling_the_products()
    {
        var sink = Run(full: false, 400_000, "A1");
        Assert.Equal(800_000, sink.Estimates[0].Bytes);
        Assert.InRange(sink.Estimates[0].Products, 1, Products / 4);
    }

    [Fact]
    public void Every_reference_counts() => Assert.Equal((4 * ModelBytes, 2 * Products), Run(full: true, 1, "A1", "A2").Estimates[0]);

    [Fact]
    public void A_search_that_follows_is_estimated_with_its_two_ends()
    {
        var sink = new Recorder();
        Comparison.Run(
            new ComparisonRequest(SampleModel.Path("cptdisguised"), [SampleModel.Path("A1")]) { Seed = 1 }, sink, TestContext.Current.CancellationToken);
        Assert.Equal(2, sink.Estimates.Count);
        Assert.Equal((2 * ModelBytes, Products), sink.Estimates[0]);
        // Each neuron of one model with each of the other in each pair of layers, twenty to thirty thousand multiply-adds and three planted children.
        var pairs = Math.Pow(4 * 256, 2);
        Assert.InRange(sink.Searches[0].Least, 2e4 * pairs, 3e4 * pairs);
        Assert.InRange(sink.Searches[0].Most, 6e4 * pairs, 9e4 * pairs);
        Assert.InRange(sink.Estimates[1].Bytes, ModelBytes, 2 * ModelBytes);
    }

    private static Recorder Run(bool full, long budget, params string[] references)
    {
        var sink = new Recorder();
        Comparison.Run(
            new ComparisonRequest(SampleModel.Path("ft"), [.. references.Select(name => SampleModel.Path(name))]) { Full = full, BudgetBytes = budget, Seed = 1 }, sink,
            TestContext.Current.CancellationToken);
        return sink;
    }

    private sealed class Recorder : IProgressSink
    {
        private bool matched;

        public List<(long Bytes, double Products)> Estimates { get; } = [];

        public bool WasFirst { get; private set; }

        public List<(double Least, double Most)> Searches { get; } = [];

        public void Estimate(long bytes, double least, double most)
        {
            Estimates.Add((bytes, least));
            if (least < most)
            {
                Searches.Add((least, most));
            }

            WasFirst = !matched;
        }

        public void Note(string text)
        {
        }

        public void Report(string stage, double share) => matched |= stage.StartsWith("matching", StringComparison.Ordinal);
    }
}
