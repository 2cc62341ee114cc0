using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Size and extremes of a norm gain or a bias.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Mean">Mean of its values; null if one is not finite.</param>
/// <param name="Deviation">Population standard deviation; null if a value is not finite.</param>
/// <param name="Largest">Largest absolute value; null if a value is not finite.</param>
/// <param name="Spike">Largest absolute value over the root mean square: about 4 for normal values, far more where a few stand out; null without any.</param>
public sealed record VectorFigures(Role Role, double? Mean, double? Deviation, double? Largest, double? Spike)
{
    // Far above any width or vocabulary that has a bias; below what a hostile file could make us hold.
    private const int LongestVector = 1 << 20;
    private const long MostValues = 1 << 25;

    /// <summary>Figures of the norm gains and biases of a model, in canonical order; biases of experts are left out.</summary>
    /// <param name="source">The opened checkpoint.</param>
    /// <param name="anatomy">What its tensors are for.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static IReadOnlyList<VectorFigures> OfAll(ITensorSource source, ModelAnatomy anatomy)
    {
        ArgumentNullException.ThrowIfNull(anatomy);
        var reader = new WeightReader(source);
        var figures = new List<VectorFigures>();
        long read = 0;
        foreach (var (role, view) in anatomy.Views.OrderBy(entry => entry.Key))
        {
            if (role.Expert == Role.Dense && (role.Part.IsGain() || role.Part == Part.Bias) && view.Count is > 0 and <= LongestVector && (read += view.Count) <= MostValues)
            {
                var values = new float[view.Count];
                reader.ReadRows(view, 0, view.Rows, values);
                figures.Add(Of(role, values));
            }
        }

        return figures;
    }

    private static VectorFigures Of(Role role, float[] values)
    {
        double sum = 0, squares = 0, largest = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
            largest = Math.Max(largest, Math.Abs((double)value));
        }

        if (!double.IsFinite(squares))
        {
            return new VectorFigures(role, null, null, null, null);
        }

        var mean = sum / values.Length;
        return new VectorFigures(
            role, mean, Math.Sqrt(Math.Max(0, (squares / values.Length) - (mean * mean))), largest,
            squares > 0 ? largest / Math.Sqrt(squares / values.Length) : null);
    }
}
