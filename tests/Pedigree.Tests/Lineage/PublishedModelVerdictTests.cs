using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Verdicts on models that other people trained and published.</summary>
public class PublishedModelVerdictTests
{
    // Each takes a whole search; every run draws others.
    private const int Drawn = 20;

    [Fact]
    public void Independent_models_are_not_accused()
    {
        var names = PublishedModels.OnePerFamily;
        var pairs = names.SelectMany((one, i) => names.Skip(i + 1).Select(two => (one, two)))
            .Concat(PublishedModels.Pairs("independent")).SelectMany(pair => new[] { pair, (pair.Item2, pair.Item1) }).Distinct().ToArray();
        Assert.True(pairs.Length >= 100);
        int[] order = [.. new CounterRandom(PlantedUnits.FreshSeed(), 13).Permutation(pairs.Length)];
        var accused = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.ForEach(order.Take(Drawn).Select(i => pairs[i]), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, pair =>
        {
            var result = Compare(pair.Item1, pair.Item2);
            if (result.Verdict.Relation is not ("none-found" or "cannot-tell") || result.Verdict.Reason == "order-without-content")
            {
                accused.Add($"{pair}: {Comparisons.Line(result)}");
            }
        });
        Assert.Empty(accused);
    }

    [Fact]
    public void Separate_runs_from_one_seed_are_neither_identical_nor_derived()
    {
        var pairs = PublishedModels.Pairs("same seed");
        Assert.True(pairs.Count >= 15);
        Parallel.ForEach(pairs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, pair =>
        {
            foreach (var result in new[] { Compare(pair.One, pair.Two), Compare(pair.Two, pair.One) })
            {
                Assert.True(result.Verdict.Relation is "shared-initialisation" or "related", $"{pair}: {Comparisons.Line(result)}");
                Assert.Equal("same-start-not-excluded", result.Verdict.Reason);
                Assert.Contains("start", result.Verdict.Headline + string.Join(' ', result.Verdict.Settles) + result.Verdict.Reason, StringComparison.Ordinal);
                Assert.DoesNotContain(result.Kinds, kind => kind.Kind is "identical" or "unchanged-values");
            }
        });
    }

    [Fact]
    public void Twins_whose_publication_order_is_declared_still_carry_the_doubt()
    {
        var verdict = Comparisons.Of(PublishedModels.Address("makemore/manal"), PublishedModels.Address("makemore/michal_out"), "reference").Verdict;
        Assert.Equal("same-start-not-excluded", verdict.Reason);
        Assert.Contains("Two runs of one script with one seed", verdict.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Fine_tune_is_found()
    {
        foreach (var (one, two) in PublishedModels.Pairs("derived: fine-tuned"))
        {
            Assert.True(Compare(two, one).Verdict.Relation is "related" or "shared-initialisation", Comparisons.Line(Compare(two, one)));
            Assert.True(Compare(two, one).Verdict.Log10P < -100);
        }
    }

    private static ComparisonResult Compare(string suspect, string reference) =>
        Comparisons.Of(PublishedModels.Address(suspect), PublishedModels.Address(reference));
}
