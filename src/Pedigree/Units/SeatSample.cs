using Pedigree.Numerics;

namespace Pedigree.Units;

/// <summary>Chooses seats without looking at content: contiguous runs, so that a sample costs few reads, from a seed that is printed.</summary>
internal static class SeatSample
{
    /// <summary>Seats of one run.</summary>
    public const int Run = 16;

    /// <summary>Draws seats.</summary>
    /// <param name="total">Seats that exist in both models.</param>
    /// <param name="wanted">Seats to draw; rounded up to whole runs, all seats if that reaches <paramref name="total"/>.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="stream">Distinguishes kinds of units; equal streams and totals give the same seats in every layer.</param>
    /// <returns>Ascending seats.</returns>
    public static int[] Draw(int total, int wanted, ulong seed, ulong stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wanted);
        var runs = total / Run;
        var wantedRuns = (wanted + Run - 1) / Run;
        if (wanted >= total || wantedRuns >= runs)
        {
            return [.. Enumerable.Range(0, wanted >= total ? total : Math.Min(total, runs * Run))];
        }

        var random = new CounterRandom(seed, CounterRandom.Mix(stream, (ulong)total));
        var chosen = random.Permutation(runs).AsSpan(0, wantedRuns).ToArray();
        Array.Sort(chosen);
        return [.. chosen.SelectMany(run => Enumerable.Range(run * Run, Run))];
    }

    /// <summary>Splits ascending seats into maximal runs of neighbours, for reading.</summary>
    public static IEnumerable<(int First, int Count, int At)> Runs(int[] seats)
    {
        for (var start = 0; start < seats.Length;)
        {
            var end = start + 1;
            while (end < seats.Length && seats[end] == seats[end - 1] + 1)
            {
                end++;
            }

            yield return (seats[start], end - start, start);
            start = end;
        }
    }
}
