using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Units;

/// <summary>A model with its anatomy, ready to be read: what every unit and every test starts from.</summary>
/// <param name="Source">The open checkpoint.</param>
/// <param name="Anatomy">The roles of its tensors.</param>
/// <param name="Threads">Threads that descriptive tests may use.</param>
internal sealed record ModelReader(ITensorSource Source, ModelAnatomy Anatomy, int Threads = 1)
{
    private readonly WeightReader _weights = new(Source);

    /// <summary>The reader of weights.</summary>
    public WeightReader Weights => _weights;

    /// <summary>The same model as descriptive tests take it.</summary>
    public DescribedModel Described => new(Source, Anatomy, _weights) { Threads = Threads };

    /// <summary>The view of a role, or null.</summary>
    public TensorView? Find(Role role) => Anatomy.Find(role);

    /// <summary>Whole rows at the given seats, seats × Columns.</summary>
    public float[] Rows(TensorView view, int[] seats)
    {
        var values = new float[checked(seats.Length * view.Columns)];
        foreach (var (first, count, at) in SeatSample.Runs(seats))
        {
            _weights.ReadRows(view, first, count, values.AsSpan(at * view.Columns, count * view.Columns));
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
            _weights.ReadRows(view, rows[r], 1, line);
            for (var s = 0; s < seats.Length; s++)
            {
                values[(s * rows.Length) + r] = line[seats[s]];
            }
        }

        return values;
    }
}
