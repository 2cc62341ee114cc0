using Pedigree.Checkpoints;
using Pedigree.Lineage;

namespace Pedigree.Cli.Terminals;

/// <summary>Reports how much of a checkpoint has been read, ten times a second until it is disposed, while others read it.</summary>
internal sealed class ReadingProgress : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly Timer timer;

    /// <param name="source">The checkpoint.</param>
    /// <param name="bytes">Bytes that will be read from now on.</param>
    /// <param name="stage">What is being done, as a phrase.</param>
    /// <param name="sink">Receives the progress.</param>
    public ReadingProgress(ITensorSource source, long bytes, string stage, IProgressSink sink)
    {
        var before = source.BytesRead;
        sink.Report(stage, 0);
        timer = new Timer(_ =>
        {
            lock (gate)
            {
                sink.Report(stage, (double)(source.BytesRead - before) / Math.Max(1, bytes));
            }
        }, null, Interval, Interval);
    }

    public void Dispose()
    {
        // After the lock no report is under way, so that the sink hears of one stage at a time.
        timer.Dispose();
        lock (gate)
        {
        }
    }
}
