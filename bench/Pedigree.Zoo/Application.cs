using System.Globalization;
using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Building;
using Pedigree.Zoo.Recipes;
using Pedigree.Zoo.Sweeping;

namespace Pedigree.Zoo;

/// <summary>The command line of the zoo.</summary>
internal static class Application
{
    private const string Usage = """
        pedigree-zoo build quick|full|controls FOLDER [--threads N]
            Makes the models of a zoo. What is there already is kept; stop and start again as you like.
        pedigree-zoo bench MANIFEST [--out FOLDER] [--without NAME] [--threads N]
            Compares every model with every model that could be its parent and holds the verdicts against the truth.
            Writes bench.md and bench.json. Pairs that were compared by the same program before are not compared again.
        pedigree-zoo sweep SEED FAMILIES [--out FILE]
            Trains models of fresh shapes, puts their children and strangers through random compositions of manipulations, and holds the verdicts
            against the truth. FILE receives a JSON line a comparison. The family of seed S is made again by sweep S 1.
        pedigree-zoo curves SEED WIDTH LAYERS DRAWS
            Continued training, as noise, times pruning of the width, times a full disguise, with and without the vocabulary, on made-up decoders: a table.
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>0: done; 1: the bench found an accusation of unrelated models; 2: the command line is wrong or a file cannot be read.</returns>
    public static int Run(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return Run(new Arguments(arguments), stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("stopped; start again to go on");
            return 2;
        }
        catch (AggregateException several)
        {
            // What went wrong on one of several threads is reported as it would be on one.
            Console.Error.WriteLine(several.Flatten().InnerExceptions[0].Message);
            return 2;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or IOException or UnauthorizedAccessException or Checkpoints.CheckpointException)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }

    private static int Run(Arguments arguments, CancellationToken cancellation)
    {
        var threads = int.Parse(arguments.Option("--threads") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture);
        ArgumentOutOfRangeException.ThrowIfZero(threads);
        switch (arguments.Words)
        {
            case ["build", var zoo, var folder]:
                arguments.RefuseOthers("--threads");
                new ZooBuilder(folder, threads, Console.WriteLine).Build(zoo, ZooRecipes.Of(zoo), cancellation);
                return 0;
            case ["bench", var manifest]:
                arguments.RefuseOthers("--threads", "--out", "--without");
                var bench = new ZooBench(manifest, arguments.Option("--out") ?? Path.GetDirectoryName(Path.GetFullPath(Manifest.FileOf(manifest)))!, threads, Console.WriteLine);
                return bench.Run(arguments.Option("--without"), cancellation) == 0 ? 0 : 1;
            case ["sweep", var seed, var families]:
                arguments.RefuseOthers("--out");
                return new Sweep(Console.WriteLine).Run(
                    ulong.Parse(seed, NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(families, NumberStyles.None, CultureInfo.InvariantCulture), arguments.Option("--out"), cancellation) == 0 ? 0 : 1;
            case ["curves", var seed, var width, var layers, var draws]:
                arguments.RefuseOthers();
                new EvasionCurves(Console.WriteLine).Run(
                    ulong.Parse(seed, NumberStyles.None, CultureInfo.InvariantCulture), Whole(width), Whole(layers), Whole(draws), cancellation);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Whole(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    // Words and options with a value each.
    private sealed class Arguments
    {
        private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

        public Arguments(string[] arguments)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                {
                    Words = [.. Words, arguments[i]];
                }
                else if (i + 1 == arguments.Length || !_options.TryAdd(arguments[i], arguments[++i]))
                {
                    throw new ArgumentException($"{arguments[i]} needs one value, once");
                }
            }
        }

        public string[] Words { get; } = [];

        public string? Option(string name) => _options.GetValueOrDefault(name);

        public void RefuseOthers(params string[] known)
        {
            if (_options.Keys.FirstOrDefault(option => !known.Contains(option, StringComparer.Ordinal)) is { } other)
            {
                throw new ArgumentException($"there is no option {other} here");
            }
        }
    }
}
