namespace Pedigree.Zoo.Training;

/// <summary>y = x·Wᵀ + b for rows x, and its gradients.</summary>
internal static class Linear
{
    /// <summary>Computes y.</summary>
    /// <param name="count">Rows of x and y.</param>
    /// <param name="x">count x columns of W.</param>
    /// <param name="weights">W, row by row.</param>
    /// <param name="bias">b, or empty.</param>
    /// <param name="y">count x rows of W; overwritten, or added to.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="add">Whether y is added to.</param>
    public static void Forward(int count, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, int columns, bool add = false)
    {
        var rows = weights.Length / columns;
        MatrixProduct.Multiply(count, rows, columns, Strided.Rows(x, columns), Strided.Transposed(weights, columns), new(y, rows), add);
        if (!bias.IsEmpty)
        {
            Elementwise.AddToRows(y[..(count * rows)], bias);
        }
    }

    /// <summary>Adds to the gradients of W and b, and to that of x.</summary>
    /// <param name="count">Rows of x and dy.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="weights">W.</param>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="weightGradient">Added to.</param>
    /// <param name="biasGradient">Added to; or empty.</param>
    /// <param name="dx">Overwritten, or added to.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="add">Whether dx is added to.</param>
    public static void Backward(
        int count, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> weightGradient, Span<float> biasGradient, Span<float> dx, int columns, bool add)
    {
        var rows = weights.Length / columns;
        MatrixProduct.Multiply(rows, columns, count, Strided.Transposed(dy, rows), Strided.Rows(x, columns), new(weightGradient, columns), add: true);
        if (!biasGradient.IsEmpty)
        {
            Elementwise.AddRowsTo(biasGradient, dy[..(count * rows)]);
        }

        MatrixProduct.Multiply(count, columns, rows, Strided.Rows(dy, rows), Strided.Rows(weights, columns), new(dx, columns), add);
    }
}
