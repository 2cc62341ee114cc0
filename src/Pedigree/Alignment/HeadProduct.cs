using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>The product AᵀB of two matrices of one head, W_Qᵀ·W_K or W_O·W_V, which no basis inside the head changes; it is never formed.</summary>
/// <remarks>
/// A random start has no preferred directions: the singular values of its products are those of Gaussian ones, of four where the head reads compressed vectors (<see cref="ProductShape"/>). Two models that share only the start agree by what each kept of it,
/// and what a product M can have kept of a start M₀ is bounded by the singular values of both: cos(M, M₀) ≤ Σ sₖ·s⁰ₖ/(|s|·|s⁰|) (von Neumann's trace inequality; Horn and Johnson, "Matrix Analysis",
/// 7.4.1). Trained attention leans on a few directions, so this is well below 1.
/// </remarks>
/// <param name="Left">A, D × d.</param>
/// <param name="Right">B, D × d.</param>
/// <param name="Dimension">D.</param>
internal sealed record HeadProduct(float[] Left, float[] Right, int Dimension)
{
    /// <summary>Shapes of the matrices that it is made of.</summary>
    public ProductShape Shape { get; init; } = new(Dimension, Left.Length / Dimension);

    private int Width => Left.Length / Dimension;

    /// <summary>Log of the Frobenius norm.</summary>
    public double LogNorm() => 0.5 * Math.Log(Inner(this, this));

    /// <summary>The product in the basis of another model.</summary>
    /// <param name="map">The map to it.</param>
    public HeadProduct In(ResidualMap map) => this with { Left = map.Apply(Left, Dimension, 1), Right = map.Apply(Right, Dimension, 1) };

    /// <summary>Cosine with the product of another head in the same basis: ⟨AᵀB, CᵀD⟩ = Σ (A·Cᵀ)∘(B·Dᵀ).</summary>
    /// <param name="other">The other head's product.</param>
    public double Cosine(HeadProduct other) => Inner(this, other) / Math.Sqrt(Inner(this, this) * Inner(other, other));

    /// <summary>The largest cosine that this product can have with that of a random start.</summary>
    /// <param name="starts">What the start may look like (<see cref="ProductShape.Start"/>).</param>
    public double Ceiling(StartSpectra starts)
    {
        var own = SingularValues();
        var most = starts.Mixtures.Max(start =>
        {
            double products = 0, squares = 0, others = 0;
            for (var i = 0; i < Math.Max(own.Length, start.Length); i++)
            {
                var (one, other) = (i < own.Length ? own[i] : 0, i < start.Length ? start[i] : 0);
                products += one * other;
                squares += one * one;
                others += other * other;
            }

            return products / Math.Sqrt(squares * others);
        });
        // Angles between products obey the triangle inequality, and that of the nearest among all placements of a start as well.
        return starts.Angle > 0 ? Math.Cos(Math.Max(0, Math.Acos(Math.Clamp(most, -1, 1)) - starts.Angle)) : most;
    }

    /// <summary>Singular values of the product, descending: with R the symmetric root of A·Aᵀ, the squares are the eigenvalues of R·(B·Bᵀ)·R.</summary>
    public double[] SingularValues()
    {
        var n = Dimension;
        var (values, vectors) = SymmetricEigen.Of(Gram(Left, Left), n);
        var right = Gram(Right, Right);
        // R in the eigenvectors of A·Aᵀ is diagonal: Λ^½·V·(B·Bᵀ)·Vᵀ·Λ^½ has the same eigenvalues.
        var turned = new double[n * n];
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double sum = 0;
                for (var c = 0; c < n; c++)
                {
                    sum += vectors[(i * n) + c] * right[(c * n) + j];
                }

                turned[(i * n) + j] = sum;
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                for (var c = 0; c < n; c++)
                {
                    sum += turned[(i * n) + c] * vectors[(j * n) + c];
                }

                product[(i * n) + j] = product[(j * n) + i] = sum * Math.Sqrt(Math.Max(0, values[i]) * Math.Max(0, values[j]));
            }
        }

        return [.. SymmetricEigen.Of(product, n).Values.Select(value => Math.Sqrt(Math.Max(0, value))).OrderDescending()];
    }

    private static double Inner(HeadProduct one, HeadProduct two)
    {
        var (left, right) = (one.Gram(one.Left, two.Left), one.Gram(one.Right, two.Right));
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private double[] Gram(float[] one, float[] two)
    {
        var (m, n) = (one.Length / Width, two.Length / Width);
        var gram = new float[m * n];
        RowProducts.Multiply(one, m, two, n, Width, gram);
        return [.. gram.Select(value => (double)value)];
    }
}
