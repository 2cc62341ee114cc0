using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Consecutive rows of a matrix that are read together.</summary>
/// <param name="First">First row, from 0.</param>
/// <param name="Count">Number of rows, at least 1.</param>
internal readonly record struct RowRun(int First, int Count);

/// <summary>Chooses which rows of a matrix are read: all of them in pieces that fit a buffer, or whole runs at fixed fractions of the height.
/// The choice depends on sizes only, never on content, so that it is the same in both models and in every run.</summary>
internal static class RowRuns
{
    /// <summary>Runs that a sampled matrix is read in; enough to estimate a standard error between runs, few enough to stay sequential.</summary>
    public const int Runs = 16;

    /// <summary>Largest number of values in one buffer.</summary>
    public const int BufferValues = 1 << 20;

    /// <summary>A row wider than this is left out: no known model has one, and a hostile file should not make us allocate it.</summary>
    public const int WidestRow = 1 << 22;

    /// <summary>Bytes that a view occupies as stored.</summary>
    public static long StoredBytes(TensorView view) => view.Count * view.Tensor.Type.Size();

    /// <summary>Whether the view holds weights that can be compared.</summary>
    public static bool IsReadable(TensorView view) =>
        view.Tensor.Type.IsFloating() && view.Rows > 0 && view.Columns is > 0 and <= WidestRow;

    /// <summary>The runs to read when <paramref name="share"/> of the rows may be read; rows are never fewer than <paramref name="fewest"/> a run.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix, which bound the rows of a buffer.</param>
    /// <param name="share">0 to 1; at 1 or more everything is read.</param>
    /// <param name="fewest">Smallest number of rows of one run.</param>
    public static IReadOnlyList<RowRun> Choose(int rows, int columns, double share, int fewest)
    {
        var wanted = share >= 1 ? rows : Math.Min(rows, Math.Max(fewest, (int)(rows * share)));
        var runs = wanted == rows ? 1 : Math.Clamp(wanted / fewest, 1, Runs);
        var length = wanted / runs;
        var piece = Math.Max(fewest, BufferValues / Math.Max(1, columns));
        var chosen = new List<RowRun>();
        for (var run = 0; run < runs; run++)
        {
            // Centred in equal bands of the height, so that no run overlaps the next.
            var first = (int)((((2L * run) + 1) * rows / (2L * runs)) - (length / 2));
            first = Math.Clamp(first, 0, rows - length);
            for (var done = 0; done < length;)
            {
                // A last piece below the fewest rows is joined to the one before it.
                var count = length - done < piece + fewest ? length - done : piece;
                chosen.Add(new RowRun(first + done, count));
                done += count;
            }
        }

        return chosen;
    }

    /// <summary>Rows in all runs.</summary>
    public static long Rows(IReadOnlyList<RowRun> runs) => runs.Sum(run => (long)run.Count);
}
