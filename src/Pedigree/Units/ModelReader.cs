using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Units;

/// <summary>A model with its anatomy, ready to be read: what every unit and every test starts from.</summary>
internal sealed record ModelReader(ITensorSource Source, ModelAnatomy Anatomy)
{
    // Bytes of a file that a system fetches together.
    private const int Page = 4096;

    /// <summary>The reader of weights.</summary>
    public WeightReader Weights { get; } = new(Source);

    /// <summary>The view of a role, or null.</summary>
    public TensorView? Find(Role role) => Anatomy.Find(role);

    /// <summary>Whole rows at the given seats, seats × Columns.</summary>
    /// <param name="view">The matrix.</param>
    /// <param name="seats">Ascending seats.</param>
    /// <param name="storage">Gives an array of a length, whose contents do not matter; null for new ones.</param>
    public float[] Rows(TensorView view, int[] seats, Func<int, float[]>? storage = null)
    {
        var length = checked(seats.Length * view.Columns);
        var values = storage?.Invoke(length) ?? new float[length];
        foreach (var (first, count, at) in SeatSample.Runs(seats))
        {
            Weights.ReadRows(view, first, count, values.AsSpan(at * view.Columns, count * view.Columns));
        }

        return values;
    }

    /// <summary>Columns at the given seats and rows: seats × rows. A few rows are read whole; where all rows are wanted, only the runs of seats are, unless they lie so close that every page of the
    /// file would be touched anyway.</summary>
    /// <param name="view">The matrix.</param>
    /// <param name="rows">Ascending rows.</param>
    /// <param name="seats">Ascending columns.</param>
    /// <param name="storage">As for rows.</param>
    public float[] Columns(TensorView view, int[] rows, int[] seats, Func<int, float[]>? storage = null)
    {
        var length = checked(seats.Length * rows.Length);
        var values = storage?.Invoke(length) ?? new float[length];
        if (rows.Length == view.Rows)
        {
            var runs = SeatSample.Runs(seats).ToArray();
            if (runs.Length > 1 && (long)Page * runs.Length > ReadingPlan.RowBytes(view))
            {
                ReadAll(view, seats, values);
                return values;
            }

            foreach (var (first, count, at) in runs)
            {
                ReadRun(view with { Start = view.Start + (first * view.ColumnStride), Columns = count }, values, at);
            }

            return values;
        }

        var line = new float[view.Columns];
        for (var r = 0; r < rows.Length; r++)
        {
            Weights.ReadRows(view, rows[r], 1, line);
            for (var s = 0; s < seats.Length; s++)
            {
                values[(s * rows.Length) + r] = line[seats[s]];
            }
        }

        return values;
    }

    // Whole rows, a buffer at a time, of which some columns are kept.
    private void ReadAll(TensorView view, int[] seats, float[] values)
    {
        const int buffered = 1 << 16;
        var step = Math.Clamp(buffered / view.Columns, 1, view.Rows);
        var buffer = new float[step * view.Columns];
        for (var row = 0; row < view.Rows; row += step)
        {
            var count = Math.Min(step, view.Rows - row);
            Weights.ReadRows(view, row, count, buffer.AsSpan(0, count * view.Columns));
            for (var s = 0; s < seats.Length; s++)
            {
                for (var r = 0; r < count; r++)
                {
                    values[(s * view.Rows) + row + r] = buffer[(r * view.Columns) + seats[s]];
                }
            }
        }
    }

    // Turns a narrow view row by row into lines of the result, a buffer at a time.
    private void ReadRun(TensorView narrow, float[] values, int at)
    {
        const int buffered = 1 << 16;
        var step = Math.Max(1, buffered / narrow.Columns);
        var buffer = new float[Math.Min(step, narrow.Rows) * narrow.Columns];
        for (var row = 0; row < narrow.Rows; row += step)
        {
            var count = Math.Min(step, narrow.Rows - row);
            Weights.ReadRows(narrow, row, count, buffer.AsSpan(0, count * narrow.Columns));
            for (var r = 0; r < count; r++)
            {
                for (var s = 0; s < narrow.Columns; s++)
                {
                    values[((at + s) * narrow.Rows) + row + r] = buffer[(r * narrow.Columns) + s];
                }
            }
        }
    }
}
