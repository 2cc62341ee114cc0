using System.Diagnostics;
using System.Globalization;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>How fast the statistics of a checkpoint are taken, against reading its bytes and nothing else.</summary>
internal static class StatisticsRate
{
    private const int Trials = 5;

    /// <param name="path">The path of a checkpoint.</param>
    public static void Run(string path)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            Measure($"statistics, {threads} threads", path, source => TensorStatistics.OfAll(source, source.Tensors, threads, CancellationToken.None));
            Measure($"reading alone, {threads} threads", path, source => Parallel.ForEach(
                source.Tensors, new ParallelOptions { MaxDegreeOfParallelism = threads }, tensor => Read(source, tensor)));
        }
    }

    // The best of several, because other work on the machine only ever slows one down; the first also compiles.
    private static void Measure(string name, string path, Action<ITensorSource> work)
    {
        var (best, processor) = (double.PositiveInfinity, double.PositiveInfinity);
        long bytes = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            using var source = Checkpoint.Open(path);
            var before = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            work(source);
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            bytes = source.TotalBytes;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {bytes / best / 1e9:0.00} GB/s, {bytes / processor / 1e9:0.00} GB a second of processor time"));
    }

    private static void Read(ITensorSource source, StoredTensor tensor)
    {
        var buffer = new byte[1 << 15];
        for (long at = 0; at < tensor.Length; at += buffer.Length)
        {
            source.Read(tensor, at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.Length - at)));
        }
    }
}
