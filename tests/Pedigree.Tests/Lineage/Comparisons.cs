using System.Collections.Concurrent;
using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Units;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Comparisons of models on disk, each made once however many tests ask for it.</summary>
internal static class Comparisons
{
    private static readonly ConcurrentDictionary<(string Suspect, string Reference, string? First), Lazy<ComparisonResult>> Made = new();

    /// <summary>The result for one pair.</summary>
    public static ComparisonResult Of(string suspect, string reference, string? publishedFirst = null) =>
        Made.GetOrAdd((suspect, reference, publishedFirst), pair => new Lazy<ComparisonResult>(() => Run(pair.Suspect, pair.Reference, pair.First))).Value;

    /// <summary>The result for two models in memory, searched to the end and without a budget.</summary>
    public static ComparisonResult OfMade(DecoderModel suspect, DecoderModel reference, ulong seed, int threads = 2)
    {
        using var one = ModelFiles.ToSource(suspect);
        using var two = ModelFiles.ToSource(reference);
        return PairComparison.Measure(
            new ModelReader(one, AnatomyReader.Read(one)), new ModelReader(two, AnatomyReader.Read(two)), [], new ReadingPlan(seed, true, long.MaxValue / 4), threads, null, null,
            CancellationToken.None).Result(0, null);
    }

    /// <summary>Makes many comparisons at once, so that single tests find them done.</summary>
    public static void Prepare(IEnumerable<(string Suspect, string Reference)> pairs) =>
        Parallel.ForEach(pairs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, pair => Of(pair.Suspect, pair.Reference));

    /// <summary>The verdict in one line, for messages.</summary>
    public static string Line(ComparisonResult result) =>
        $"{result.Verdict.Relation}, log10 p {result.Verdict.Log10P:0.0}: "
        + string.Join("; ", result.Evidence.Where(item => item.Tier == Tier.Exact).Select(item => $"{item.Test} {item.Statistic} hits, log10 p {item.Log10P:0.0}, {item.Companion}{item.Note}"));

    private static ComparisonResult Run(string suspect, string reference, string? first) =>
        Assert.Single(Comparison.Run(new ComparisonRequest(suspect, [reference]) { Threads = 1, PublishedFirst = first }).Results);
}
