using Pedigree.Numerics;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>Iterations of products alone: X ← X·p(XᵀX).</summary>
internal static class PolynomialSteps
{
    // Optimal compositions of degree 5 for singular values in [1e-3, 1], with the safety factor of the paper (Amsel, Persson, Musco and Gower, "The Polar Express", 2025, 2505.16932, algorithm 1).
    private static readonly (double A, double B, double C)[] Express =
    [
        (8.28721201814563, -23.595886519098837, 17.300387312530933), (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
        (3.9486908534822946, -2.908902115962949, 0.5518191394370137), (3.3184196573706015, -2.488488024314874, 0.51004894012372),
        (2.300652019954817, -1.6689039845747493, 0.4188073119525673), (1.891301407787398, -1.2679958271945868, 0.37680408948524835),
        (1.8750014808534479, -1.2500016453999487, 0.3750001645474248), (1.875, -1.25, 0.375),
    ];

    /// <summary>Polar Express.</summary>
    public static float[] PolarExpress(float[] matrix, int n, int threads)
    {
        const double safety = 1.01;
        return Run(matrix, n, threads, [.. Express.Select((step, i) => i == Express.Length - 1 ? step : (step.A / safety, step.B / Math.Pow(safety, 3), step.C / Math.Pow(safety, 5)))]);
    }

    /// <summary>Newton and Schulz with the scaling of Chen and Chow (2014), for singular values from a share of the largest on; what small matrices use in the library.</summary>
    public static float[] NewtonSchulz(float[] matrix, int n, int threads, double smallest = OrthogonalFactor.Smallest)
    {
        var steps = new List<(double, double, double)>();
        for (var low = smallest; low < 0.9999;)
        {
            var alpha = Math.Sqrt(3 / (1 + low + (low * low)));
            steps.Add((1.5 * alpha, -0.5 * Math.Pow(alpha, 3), 0));
            low = alpha * low * (3 - (alpha * alpha * low * low)) / 2;
        }

        return Run(matrix, n, threads, [.. steps, (1.5, -0.5, 0), (1.5, -0.5, 0)]);
    }

    private static float[] Run(float[] matrix, int n, int threads, IReadOnlyList<(double A, double B, double C)> steps)
    {
        float[] x = [.. matrix];
        var (gram, square, turned) = (new float[n * n], new float[n * n], new float[n * n]);
        ParallelProducts.Transpose(x, n, n, turned, threads);
        ParallelProducts.Gram(turned, n, n, gram, threads);
        ParallelProducts.Gram(gram, n, n, square, threads);
        var norm = 1.0001 * Math.Sqrt(Math.Sqrt(Math.Sqrt(square.Sum(value => (double)value * value))));
        x = Array.ConvertAll(x, value => (float)(value / norm));
        foreach (var (a, b, c) in steps)
        {
            ParallelProducts.Transpose(x, n, n, turned, threads);
            ParallelProducts.Gram(turned, n, n, gram, threads);
            if (c != 0)
            {
                ParallelProducts.Gram(gram, n, n, square, threads);
            }

            for (var i = 0; i < gram.Length; i++)
            {
                gram[i] = (float)((b * gram[i]) + (c * square[i]));
            }

            for (var i = 0; i < n; i++)
            {
                gram[(i * n) + i] += (float)a;
            }

            ParallelProducts.Multiply(x, n, gram, n, n, turned, threads);
            (x, turned) = (turned, x);
        }

        return x;
    }
}
