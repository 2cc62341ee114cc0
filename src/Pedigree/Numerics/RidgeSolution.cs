namespace Pedigree.Numerics;

/// <summary>Solves Z·(G + λI) = P for a symmetric positive semidefinite G: least squares with a ridge, all rows at once.</summary>
/// <remarks>Conjugate gradients (Hestenes and Stiefel, 1952), each row of P for itself, the products of all rows together. The number of steps is fixed: with a ridge of λ the
/// error falls by (√κ - 1)/(√κ + 1) a step, κ = 1 + ‖G‖/λ.</remarks>
internal static class RidgeSolution
{
    private const int Steps = 32;

    /// <summary>Solves.</summary>
    /// <param name="right">P, rows × n.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="gram">G, n × n.</param>
    /// <param name="n">Number of columns.</param>
    /// <param name="ridge">λ, above 0.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Z, rows × n.</returns>
    public static float[] Of(float[] right, int rows, float[] gram, int n, double ridge, int threads, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ridge);
        var solution = new float[checked(rows * n)];
        float[] residual = [.. right.AsSpan(0, solution.Length)];
        float[] direction = [.. residual];
        var product = new float[solution.Length];
        var lengths = new double[rows];
        for (var r = 0; r < rows; r++)
        {
            lengths[r] = Square(residual.AsSpan(r * n, n));
        }

        for (var step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            ParallelProducts.Multiply(direction, rows, gram, n, n, product, threads);
            for (var r = 0; r < rows; r++)
            {
                Advance(
                    solution.AsSpan(r * n, n), residual.AsSpan(r * n, n), direction.AsSpan(r * n, n), product.AsSpan(r * n, n), (float)ridge, ref lengths[r]);
            }
        }

        return solution;
    }

    private static void Advance(Span<float> solution, Span<float> residual, Span<float> direction, Span<float> product, float ridge, ref double length)
    {
        double curvature = 0;
        for (var i = 0; i < direction.Length; i++)
        {
            product[i] += ridge * direction[i];
            curvature += (double)direction[i] * product[i];
        }

        if (!(curvature > 0) || length == 0)
        {
            return;
        }

        var stride = (float)(length / curvature);
        for (var i = 0; i < direction.Length; i++)
        {
            solution[i] += stride * direction[i];
            residual[i] -= stride * product[i];
        }

        var next = Square(residual);
        var turn = (float)(next / length);
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = residual[i] + (turn * direction[i]);
        }

        length = next;
    }

    private static double Square(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
