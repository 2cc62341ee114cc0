namespace Pedigree.Numerics;

/// <summary>Loops on several threads that may stand inside each other: all loops of one piece of work share its threads, so nesting them starts no more.</summary>
internal static class SharedThreads
{
    /// <summary>Does work whose loops, taken together, use no more than some threads.</summary>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="work">The work; its loops take their options from <see cref="Options"/>.</param>
    public static T Run<T>(int threads, Func<T> work) => threads == 1 ? work()
        : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler)
            .GetAwaiter().GetResult();

    /// <summary>Options of a loop: the threads of the work that it is part of.</summary>
    /// <param name="threads">Threads that this loop may use, at least 1.</param>
    /// <param name="cancellation">Stops the loop.</param>
    public static ParallelOptions Options(int threads, CancellationToken cancellation = default) =>
        new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };
}
