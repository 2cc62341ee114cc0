using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Rows with noise of a known size: x becomes c·x + √(1-c²)·|x|·z with z normal of length about 1, so that every row has cosine c with what it was.</summary>
internal static class NoisyRows
{
    /// <summary>A noisy copy of rows.</summary>
    /// <param name="rows">count × width.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="cosine">c, 0 to 1.</param>
    /// <param name="noise">Gives z.</param>
    public static float[] Of(float[] rows, int width, double cosine, CounterRandom noise)
    {
        var result = new float[rows.Length];
        var rest = Math.Sqrt((1 - (cosine * cosine)) / width);
        for (var start = 0; start < rows.Length; start += width)
        {
            double square = 0;
            foreach (var value in rows.AsSpan(start, width))
            {
                square += (double)value * value;
            }

            var scale = rest * Math.Sqrt(square);
            for (var i = start; i < start + width; i++)
            {
                result[i] = (float)((cosine * rows[i]) + (scale * noise.NextGaussian()));
            }
        }

        return result;
    }
}
