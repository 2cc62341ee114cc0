using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Compares one model with the models that may be its parents.</summary>
public static class Comparison
{
    /// <summary>Reads the models, runs every test and decides, one result for each reference.</summary>
    /// <param name="request">What to compare.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">No reference, or an option out of range.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static ComparisonReport Run(ComparisonRequest request, IProgressSink? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.References.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.BudgetBytes);
        if (request.MapFile is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(request.References.Count, 1);
        }

        return SharedThreads.Run(request.Threads, () => OpenAndCompare(request, progress, cancellation));
    }

    private static ComparisonReport OpenAndCompare(ComparisonRequest request, IProgressSink? progress, CancellationToken cancellation)
    {
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var sources = new List<ITensorSource>();
        try
        {
            foreach (var address in (IEnumerable<string>)[request.Suspect, .. request.References, .. request.Controls])
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report($"opening `{Path.GetFileName(Path.TrimEndingDirectorySeparator(address))}`", 0);
                // Sampled rows lie far apart: a map would fault in their neighbours and count as memory.
                sources.Add(Checkpoint.Open(address, new CheckpointOptions { ReadMode = ReadMode.Stream, AdapterBase = request.AdapterBase }));
            }

            var opened = new ModelReader[sources.Count];
            Parallel.For(0, opened.Length, SharedThreads.Options(request.Threads, cancellation), i =>
                opened[i] = new ModelReader(sources[i], AnatomyReader.Read(sources[i])));
            var models = opened[..(1 + request.References.Count)];
            var report = Compare(request, models, opened[models.Length..], progress, cancellation);
            return report with
            {
                Run = new RunRecord(
                    request.Suspect, request.References, started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    Math.Round(clock.Elapsed.TotalSeconds, 3), request.Threads, opened[0].Source.BytesRead, [.. models.Skip(1).Select(model => model.Source.BytesRead)]),
            };
        }
        catch (AggregateException several)
        {
            // What went wrong on one of several threads is reported as it would be on one.
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
            throw;
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    private static ComparisonReport Compare(
        ComparisonRequest request, ModelReader[] models, IReadOnlyList<ModelReader> controls, IProgressSink? progress, CancellationToken cancellation)
    {
        var digests = new byte[models.Length][];
        Parallel.For(0, models.Length, SharedThreads.Options(request.Threads, cancellation), i => digests[i] = LogicalDigest.Compute(models[i].Source, models[i].Anatomy));
        var seed = request.Seed ?? SeedOf(digests);
        var plan = new ReadingPlan(seed, request.Full, request.BudgetBytes);
        var estimate = models.Skip(1).Select(reference => WorkEstimate.Of(models[0], reference, plan)).Aggregate((one, other) => one.Plus(other));
        progress?.Estimate(estimate.Bytes, estimate.Multiplications, estimate.Multiplications);
        var pairs = models.Skip(1).Select((reference, i) =>
            PairComparison.Measure(models[0], reference, controls, plan, request.Threads, Scaled(progress, i, models.Length - 1), progress is null ? null : progress.Estimate, cancellation)).ToArray();
        if (request.MapFile is { } file)
        {
            var written = pairs[0].WriteMap(file, request.Threads, cancellation);
            progress?.Note(written
                ? $"The recovered map was written to `{file}`; `pedigree check-map` checks it."
                : "No map was written: no hidden correspondence of neurons was found.");
        }

        var corrections = HolmCorrection.Log10Factors([.. pairs.Select(pair => pair.Exact.Log10P)]);
        return new ComparisonReport(
            ComparisonReport.CurrentSchema, ToolVersion,
            new ReportOptions(request.Seed is not null, request.Full, request.BudgetBytes, request.PublishedFirst),
            seed.ToString("x16", CultureInfo.InvariantCulture),
            ModelDescription.Of(models[0], digests[0]),
            [.. models.Skip(1).Select((model, i) => ModelDescription.Of(model, digests[i + 1]))],
            [.. pairs.Select((pair, i) => pair.Result(corrections[i], request.PublishedFirst))],
            new RunRecord("", [], "", 0, 0, 0, []));
    }

    private static string ToolVersion => typeof(Comparison).Assembly.GetName().Version?.ToString(3) ?? "0";

    // The seed depends on what the models hold, not on how they are stored or in which order they are named.
    private static ulong SeedOf(byte[][] digests)
    {
        var sorted = digests.Select(Convert.ToHexStringLower).Order(StringComparer.Ordinal);
        return BitConverter.ToUInt64(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Concat(sorted))), 0);
    }

    private static Action<string, double>? Scaled(IProgressSink? progress, int index, int count) =>
        progress is null ? null : (stage, share) => progress.Report(stage, (index + share) / count);
}
