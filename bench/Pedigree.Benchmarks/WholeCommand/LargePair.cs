using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Lineage;
using Pedigree.Units;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>Times the whole command on two checkpoints of 7B shape: wall time, bytes read, peak memory, one thread against two.</summary>
internal static class LargePair
{
    // Values exist only where the command reads under this seed.
    private const ulong Seed = 7;
    private const int Runs = 5;

    /// <summary>Makes the pair where it is missing and times the command.</summary>
    /// <param name="arguments">A folder for the checkpoints, which takes 200 MB, and the command with its first arguments.</param>
    public static void Run(string[] arguments)
    {
        if (arguments.Length < 2)
        {
            throw new ArgumentException("usage: large-pair FOLDER COMMAND [ARGUMENT...], for example large-pair /tmp/large dotnet src/Pedigree.Cli/bin/Release/net10.0/Pedigree.Cli.dll");
        }

        foreach (var (name, values) in new[] { ("child", new LargeValues(2, 1)), ("unrelated", new LargeValues(3, null)) })
        {
            var pair = Path.Combine(arguments[0], name);
            if (!File.Exists(Path.Combine(pair, "made")))
            {
                Make(pair, values);
            }

            Time(pair, arguments[1..]);
        }
    }

    private static void Make(string pair, LargeValues values)
    {
        using var suspect = LargeCheckpoint.Create(Path.Combine(pair, "suspect"), values);
        using var reference = LargeCheckpoint.Create(Path.Combine(pair, "reference"), new LargeValues(1, null));
        var models = new[] { suspect, reference }.Select(source => new ModelReader(source, AnatomyReader.Read(source))).ToArray();
        foreach (var model in models)
        {
            LogicalDigest.Compute(model.Source, model.Anatomy);
        }

        PairComparison.Measure(models[0], models[1], [], new ReadingPlan(Seed, Full: false, ComparisonRequest.DefaultBudgetBytes), Environment.ProcessorCount, null, null, CancellationToken.None);
        File.WriteAllText(Path.Combine(pair, "made"), "");
    }

    private static void Time(string pair, string[] command)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            var seconds = new List<double>();
            long bytes = 0, memory = 0;
            var relation = "";
            for (var run = 0; run <= Runs; run++)
            {
                var clock = Stopwatch.StartNew();
                using var process = Start(pair, command, threads);
                var output = process.StandardOutput.ReadToEndAsync();
                while (!process.WaitForExit(10))
                {
                    memory = Math.Max(memory, PeakMemory(process));
                }

                // The first run fills the page cache.
                if (run > 0)
                {
                    seconds.Add(clock.Elapsed.TotalSeconds);
                }

                using var report = JsonDocument.Parse(output.GetAwaiter().GetResult());
                bytes = report.RootElement.GetProperty("run").GetProperty("suspectBytesRead").GetInt64();
                relation = report.RootElement.GetProperty("results")[0].GetProperty("verdict").GetProperty("relation").GetString()!;
            }

            seconds.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(pair)}: {relation}, {threads} thread(s): {seconds[0]:0.00} s best, {seconds[Runs / 2]:0.00} s median of {Runs}, {bytes / 1e6:0.0} MB read a model, {memory / 1e6:0} MB peak memory"));
        }
    }

    private static Process Start(string pair, string[] command, int threads) => Process.Start(new ProcessStartInfo(
        command[0],
        [
            .. command[1..], "compare", Path.Combine(pair, "suspect"), Path.Combine(pair, "reference"), "--json", "--no-progress",
            "--seed", Seed.ToString(CultureInfo.InvariantCulture), "--threads", threads.ToString(CultureInfo.InvariantCulture),
        ])
    { RedirectStandardOutput = true })!;

    // Linux alone keeps the peak of another process; elsewhere the largest value seen stands in.
    private static long PeakMemory(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
