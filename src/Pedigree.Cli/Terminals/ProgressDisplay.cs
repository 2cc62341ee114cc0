using Pedigree.Cli.Rendering;
using Pedigree.Lineage;
using Spectre.Console;

namespace Pedigree.Cli.Terminals;

/// <summary>How much of the work shows on the standard error.</summary>
/// <param name="Quiet">Nothing but errors.</param>
/// <param name="Bar">A progress bar, once the work takes longer than a second.</param>
/// <param name="Stages">A line for each stage.</param>
internal sealed record ProgressChoice(bool Quiet, bool Bar, bool Stages);

/// <summary>Shows the progress of work on the standard error: an estimate before long work, and a bar that appears after a second and leaves no trace.</summary>
internal sealed class ProgressDisplay(IAnsiConsole console, ProgressChoice choice, int threads) : IProgressSink
{
    private const double NoteworthySeconds = 10;
    private const double BytesPerSecond = 300e6;
    private const double MultiplicationsPerSecondAndThread = 25e9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private volatile Snapshot latest = new("Opening the models", 0);

    public void Estimate(long bytes, double least, double most)
    {
        var (shortest, longest) = (EstimateSeconds(bytes, least, threads), EstimateSeconds(bytes, most, threads));
        if (longest > NoteworthySeconds && !choice.Quiet)
        {
            console.WriteNote($"Reading {Figures.Bytes(bytes)} and " + (least == most
                ? $"comparing will take about {Roughly(longest)}."
                : $"searching for a hidden origin will take about {Roughly(shortest)} if one is soon found, {Roughly(longest)} if not."));
        }
    }

    public void Note(string text)
    {
        if (!choice.Quiet)
        {
            console.WriteNote(text);
        }
    }

    public void Report(string stage, double share)
    {
        var before = latest;
        latest = new Snapshot(stage, double.IsFinite(share) ? Math.Clamp(share, 0, 1) : before.Share);
        if (choice.Stages && !string.Equals(before.Stage, stage, StringComparison.Ordinal))
        {
            console.WriteNote(stage);
        }
    }

    /// <summary>Does work on another thread and shows its progress until it ends or is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled. A stage that does not look at its token is left behind:
    /// it only reads, and it ends with the process.</exception>
    public async Task<T> RunAsync<T>(Func<IProgressSink, T> work, CancellationToken cancellation)
    {
        var running = Task.Run(() => work(this), CancellationToken.None).WaitAsync(cancellation);
        if (choice.Bar && await Task.WhenAny(running, Task.Delay(Patience, CancellationToken.None)) != running)
        {
            await ShowBarAsync(running);
        }

        return await running;
    }

    /// <summary>A cautious guess at the seconds that work will take; slow disks and old processors are allowed for.</summary>
    internal static double EstimateSeconds(long bytes, double multiplications, int threads) =>
        (Math.Max(0, bytes) / BytesPerSecond) + (Math.Max(0, multiplications) / (MultiplicationsPerSecondAndThread * Math.Max(1, threads)));

    private static string Roughly(double seconds) =>
        seconds < 90 ? $"{Math.Ceiling(seconds / 5) * 5} seconds"
        : seconds < 5400 ? $"{Math.Ceiling(seconds / 60)} minutes"
        : $"{Figures.Count((long)Math.Ceiling(Math.Min(seconds, 1e12) / 3600))} hours";

    private Task ShowBarAsync(Task running) => console.Progress()
        .AutoClear(true)
        .AutoRefresh(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var task = context.AddTask(Description(latest), maxValue: 1);
            while (await Task.WhenAny(running, Task.Delay(Interval)) != running)
            {
                var now = latest;
                task.Value = now.Share;
                task.Description = Description(now);
            }
        });

    private static string Description(Snapshot snapshot) => Markup.Escape(VisibleText.Of(snapshot.Stage));

    private sealed record Snapshot(string Stage, double Share);
}
