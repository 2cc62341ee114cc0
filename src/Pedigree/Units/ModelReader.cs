using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Units;

/// <summary>A model with its anatomy, ready to be read: what every unit and every test starts from.</summary>
internal sealed record ModelReader(ITensorSource Source, ModelAnatomy Anatomy)
{
    /// <summary>The reader of weights.</summary>
    public WeightReader Weights { get; } = new(Source);

    /// <summary>The view of a role, or null.</summary>
    public TensorView? Find(Role role) => Anatomy.Find(role);

    /// <summary>Whole rows at the given seats, seats × Columns.</summary>
    public float[] Rows(TensorView view, int[] seats)
    {
        var values = new float[checked(seats.Length * view.Columns)];
        foreach (var (first, count, at) in SeatSample.Runs(seats))
        {
            Weights.ReadRows(view, first, count, values.AsSpan(at * view.Columns, count * view.Columns));
        }

        return values;
    }

    /// <summary>Columns at the given seats, read as whole rows at the given row indices: seats × rows.</summary>
    public float[] Columns(TensorView view, int[] rows, int[] seats)
    {
        var values = new float[checked(seats.Length * rows.Length)];
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
}
