using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

/// <summary>Loops inside loops share the threads of the work that they are part of.</summary>
public class SharedThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nested_loops_use_no_more_threads_than_were_given(int threads)
    {
        var (running, most, done) = (0, 0, 0);
        var gate = new Lock();
        SharedThreads.Run(threads, () =>
        {
            Parallel.For(0, 4, SharedThreads.Options(threads), _ => Parallel.For(0, 4, SharedThreads.Options(threads), _ => Parallel.For(0, 4, SharedThreads.Options(threads), _ =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                }

                Thread.Sleep(1);
                lock (gate)
                {
                    running--;
                    done++;
                }
            })));
            return 0;
        });
        Assert.Equal(64, done);
        Assert.InRange(most, 1, threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_work_throws_is_thrown(int threads) =>
        Assert.Throws<InvalidDataException>(() => SharedThreads.Run<int>(threads, () => throw new InvalidDataException()));

    [Fact]
    public void Cancelling_stops_nested_loops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var stopped = new ManualResetEventSlim();
        var started = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => SharedThreads.Run(2, () => Parallel.For(0, 1000, SharedThreads.Options(2, stop.Token), _ => Parallel.For(0, 1000, SharedThreads.Options(2, stop.Token), _ =>
        {
            // A loop learns of it from a callback, so another thread may run on until the first has called all of them.
            if (Interlocked.Increment(ref started) == 1)
            {
                stop.Cancel();
                stopped.Set();
            }

            stopped.Wait(TestContext.Current.CancellationToken);
        }))));
        Assert.InRange(started, 1, 4);
    }
}
