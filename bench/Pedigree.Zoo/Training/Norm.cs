using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>RMSNorm and LayerNorm over rows, and their gradients.</summary>
internal static class Norm
{
    /// <summary>Computes y = x̂·gain + bias.</summary>
    /// <param name="kind">Which norm.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="x">Rows as long as the gain.</param>
    /// <param name="gain">Gains.</param>
    /// <param name="bias">Biases, or empty.</param>
    /// <param name="y">Receives the rows; may not be x.</param>
    public static void Forward(NormKind kind, float epsilon, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> y)
    {
        var width = gain.Length;
        for (var first = 0; first < x.Length; first += width)
        {
            var input = x.Slice(first, width);
            var output = y.Slice(first, width);
            var (mean, scale) = Statistics(kind, epsilon, input);
            for (var i = 0; i < width; i++)
            {
                output[i] = ((input[i] - mean) * scale * gain[i]) + (bias.IsEmpty ? 0 : bias[i]);
            }
        }
    }

    /// <summary>Adds to the gradients of gain and bias, and to that of x.</summary>
    public static void Backward(
        NormKind kind, float epsilon, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> dy, Span<float> gainGradient, Span<float> biasGradient, Span<float> dx)
    {
        var width = gain.Length;
        Span<float> normalised = new float[width];
        Span<float> scaled = new float[width];
        for (var first = 0; first < x.Length; first += width)
        {
            var input = x.Slice(first, width);
            var gradient = dy.Slice(first, width);
            var output = dx.Slice(first, width);
            var (mean, scale) = Statistics(kind, epsilon, input);
            for (var i = 0; i < width; i++)
            {
                normalised[i] = (input[i] - mean) * scale;
                scaled[i] = gradient[i] * gain[i];
                gainGradient[i] += gradient[i] * normalised[i];
            }

            if (!biasGradient.IsEmpty)
            {
                Elementwise.AddScaled(biasGradient, gradient, 1);
            }

            // dx = scale·(g - x̂·mean(g·x̂) - mean(g)), the last for LayerNorm only.
            var along = Elementwise.Dot(scaled, normalised) / width;
            var level = kind == NormKind.Layer ? Elementwise.Sum(scaled) / width : 0;
            for (var i = 0; i < width; i++)
            {
                output[i] += scale * (scaled[i] - (normalised[i] * along) - level);
            }
        }
    }

    private static (float Mean, float Scale) Statistics(NormKind kind, float epsilon, ReadOnlySpan<float> row)
    {
        var squares = Elementwise.Dot(row, row) / row.Length;
        if (kind == NormKind.RootMeanSquare)
        {
            return (0, 1 / MathF.Sqrt(squares + epsilon));
        }

        var mean = Elementwise.Sum(row) / row.Length;
        var variance = 0.0f;
        foreach (var value in row)
        {
            variance += (value - mean) * (value - mean);
        }

        return (mean, 1 / MathF.Sqrt((variance / row.Length) + epsilon));
    }
}
