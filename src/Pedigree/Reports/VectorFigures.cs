using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Reports;

/// <summary>Measures the norm gains and biases of a model, experts' biases left out.</summary>
internal static class VectorFigures
{
    // Far above any width or vocabulary that has a bias; below what a hostile file could make us hold.
    private const int LongestVector = 1 << 20;
    private const long MostValues = 1 << 25;

    /// <summary>Figures of every vector, in canonical order.</summary>
    public static IReadOnlyList<InspectedVector> Of(ITensorSource source, ModelAnatomy anatomy)
    {
        var reader = new WeightReader(source);
        var figures = new List<InspectedVector>();
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

    private static InspectedVector Of(Role role, float[] values)
    {
        var part = JsonNamingPolicy.KebabCaseLower.ConvertName((role.BiasOf ?? role.Part).ToString()) + (role.BiasOf is null ? "" : "-bias");
        double sum = 0, squares = 0, largest = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
            largest = Math.Max(largest, Math.Abs((double)value));
        }

        if (!double.IsFinite(squares))
        {
            return new InspectedVector(part, role.Layer, null, null, null, null);
        }

        var mean = sum / values.Length;
        return new InspectedVector(
            part, role.Layer, mean, Math.Sqrt(Math.Max(0, (squares / values.Length) - (mean * mean))), largest,
            squares > 0 ? largest / Math.Sqrt(squares / values.Length) : null);
    }
}
