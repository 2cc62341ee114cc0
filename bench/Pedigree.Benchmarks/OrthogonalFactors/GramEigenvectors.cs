using Pedigree.Numerics;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>X·V·Λ^(-1/2)·Vᵀ with the eigenvectors of XᵀX in double precision: the condition number enters squared.</summary>
internal static class GramEigenvectors
{
    /// <summary>The orthogonal factor of a square matrix.</summary>
    public static float[] Of(float[] matrix, int n, int threads)
    {
        var turned = ParallelProducts.Transposed(matrix, n, n);
        var gram = new double[n * n];
        Parallel.For(0, n, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            for (var j = 0; j <= i; j++)
            {
                gram[(i * n) + j] = gram[(j * n) + i] = FixedOrderSum.Products(turned.AsSpan(i * n, n), turned.AsSpan(j * n, n));
            }
        });
        var (values, vectors) = SymmetricEigen.Of(gram, n);
        var (columns, scaled) = (new float[n * n], new float[n * n]);
        for (var k = 0; k < n; k++)
        {
            var scale = 1 / Math.Sqrt(Math.Max(values[k], 1e-300));
            for (var i = 0; i < n; i++)
            {
                columns[(i * n) + k] = (float)vectors[(k * n) + i];
                scaled[(i * n) + k] = (float)(vectors[(k * n) + i] * scale);
            }
        }

        var (root, result) = (new float[n * n], new float[n * n]);
        ParallelProducts.Multiply(columns, n, scaled, n, n, root, threads);
        ParallelProducts.Multiply(matrix, n, root, n, n, result, threads);
        return result;
    }
}
