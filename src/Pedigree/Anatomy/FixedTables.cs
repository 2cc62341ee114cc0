using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Recognises tables that every model of a shape has in common, by their values; a name alone makes nothing fixed.</summary>
internal static class FixedTables
{
    private const int Sample = 48;

    /// <summary>Whether a tensor without a role is a causal mask, a rotary table, a frequency vector or a lone constant. Reads at most 9 KB.</summary>
    public static bool IsFixed(WeightReader reader, StoredTensor tensor)
    {
        if (tensor.Count <= 1 && tensor.Shape.Length <= 1)
        {
            return true;
        }

        var shape = tensor.Shape.Where(size => size != 1).ToArray();
        if (!tensor.Type.IsFloating())
        {
            return tensor.Type is ElementType.Bool or ElementType.U8 && shape.Length == 2 && shape[0] == shape[1];
        }

        if (shape.Length is 0 or > 2 || shape.Any(size => size is < 2 or > int.MaxValue))
        {
            return false;
        }

        var whole = TensorView.Whole(tensor);
        var view = whole with { Rows = Math.Min(Sample, whole.Rows), Columns = Math.Min(Sample, whole.Columns) };
        var values = new float[view.Rows * view.Columns];
        reader.ReadRows(view, 0, view.Rows, values);
        return shape.Length == 1 ? IsFrequencies(values) : (shape[0] == shape[1] && IsCausal(values, view.Columns)) || IsRotary(values, view.Rows, view.Columns);
    }

    private static bool IsCausal(float[] values, int size)
    {
        var (kept, masked) = (values[0], values[1]);
        if (kept.Equals(masked))
        {
            return false;
        }

        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                if (!values[(row * size) + column].Equals(column <= row ? kept : masked))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // cos(p f) and sin(p f) obey the doubling formulas from row 1 to row 2, whatever the frequencies are.
    private static bool IsRotary(float[] values, int rows, int columns)
    {
        if (rows < 3)
        {
            return false;
        }

        var zero = values.AsSpan(0, columns);
        var one = values.AsSpan(columns, columns);
        var two = values.AsSpan(2 * columns, columns);
        var (cosine, sine) = (true, true);
        for (var i = 0; i < columns; i++)
        {
            cosine &= zero[i].Equals(1f) && Math.Abs(two[i] - ((2 * one[i] * one[i]) - 1)) < 0.02;
            sine &= zero[i].Equals(0f) && Math.Abs((two[i] * two[i]) - (4 * one[i] * one[i] * (1 - (one[i] * one[i])))) < 0.02;
        }

        return (cosine || sine) && one.IndexOfAnyExcept(one[0]) >= 0;
    }

    private static bool IsFrequencies(float[] values)
    {
        if (values.Length < 3 || !values[0].Equals(1f) || values[1] is <= 0 or >= 1)
        {
            return false;
        }

        for (var i = 1; i < values.Length; i++)
        {
            if (Math.Abs((values[i] / values[i - 1] / values[1]) - 1) > 0.02)
            {
                return false;
            }
        }

        return true;
    }
}
