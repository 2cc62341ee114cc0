using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

public class WorkEstimateTests
{
    // Two models of 590,688 values in BF16; 4 layers of 256 neurons, each described by 96 values of gate, of up and of down.
    private const long ModelBytes = 590_688 * 2;
    private const double Products = 4 * 256.0 * 256 * (3 * 96) * 3;

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
    public void Every_reference_counts() => Assert.Equal([(4 * ModelBytes, 2 * Products)], Run(full: true, 1, "A1", "A2").Estimates);

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

        public void Estimate(long bytes, double multiplications)
        {
            Estimates.Add((bytes, multiplications));
            WasFirst = !matched;
        }

        public void Note(string text)
        {
        }

        public void Report(string stage, double share) => matched |= stage.StartsWith("matching", StringComparison.Ordinal);
    }
}
