using Pedigree.Numerics;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>A square matrix whose orthogonal factor is known: X·diag(s)·Yᵀ has the factor X·Yᵀ. X and Y are products of random Householder reflections in double precision.</summary>
internal static class PolarMatrix
{
    private const int Reflections = 24;

    /// <summary>Draws one.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="condition">Ratio of the largest singular value to the smallest, geometrically spread.</param>
    /// <param name="seed">Decides it.</param>
    public static (float[] Matrix, float[] Factor) Draw(int n, double condition, ulong seed)
    {
        var random = new CounterRandom(seed, (ulong)n);
        var (matrix, factor) = (new double[n * n], new double[n * n]);
        var order = random.Permutation(n);
        for (var i = 0; i < n; i++)
        {
            factor[(i * n) + order[i]] = 1;
            matrix[(i * n) + order[i]] = Math.Pow(condition, -i / (n - 1.0));
        }

        for (var step = 0; step < 2 * Reflections; step++)
        {
            var mirror = new double[n];
            double square = 0;
            for (var i = 0; i < n; i++)
            {
                mirror[i] = random.NextGaussian();
                square += mirror[i] * mirror[i];
            }

            foreach (var values in new[] { matrix, factor })
            {
                Reflect(values, n, mirror, 2 / square, step % 2 == 0);
            }
        }

        return (Array.ConvertAll(matrix, value => (float)value), Array.ConvertAll(factor, value => (float)value));
    }

    private static void Reflect(double[] values, int n, double[] mirror, double scale, bool rows)
    {
        var products = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                products[rows ? j : i] += values[(i * n) + j] * mirror[rows ? i : j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                values[(i * n) + j] -= scale * products[rows ? j : i] * mirror[rows ? i : j];
            }
        }
    }
}
