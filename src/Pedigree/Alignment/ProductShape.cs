using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Shapes of the matrices that make a head's product, which say what a random start of it looks like.</summary>
/// <param name="Rows">Rows of the head on either side.</param>
/// <param name="Width">Width d of the stream.</param>
internal readonly record struct ProductShape(int Rows, int Width)
{
    private const ulong Stream = 0x68656164;

    // Angles between a quarter turn's ends; half a step is 0.025.
    private const int Mixtures = 33;

    /// <summary>Values of the compressed vector that the left rows read; 0 where they read the stream.</summary>
    public int LeftRank { get; init; }

    /// <summary>The same of the right rows.</summary>
    public int RightRank { get; init; }

    /// <summary>Further rows, of which those on the right read the stream and are shared by the heads of a layer: the rotary part of latent attention.</summary>
    public int SharedRows { get; init; }

    /// <summary>Whether a compressed vector takes part.</summary>
    public bool IsLatent => LeftRank > 0 || RightRank > 0;

    /// <summary>That of W_Qᵀ·W_K.</summary>
    /// <param name="heads">How attention splits into heads.</param>
    /// <param name="width">d.</param>
    /// <param name="latent">Ranks of latent attention; null for attention of another kind.</param>
    public static ProductShape Attends(HeadLayout heads, int width, LatentShape? latent) => latent is null
        ? new ProductShape(heads.Dimension, width)
        : new ProductShape(heads.Dimension - latent.RotaryRows, width) { LeftRank = latent.QueryRank, RightRank = latent.KeyValueRank, SharedRows = latent.RotaryRows };

    /// <summary>That of W_O·W_V.</summary>
    /// <param name="rows">Rows of values of a head.</param>
    /// <param name="width">d.</param>
    /// <param name="latent">As for <see cref="Attends"/>.</param>
    public static ProductShape Writes(int rows, int width, LatentShape? latent) => new(rows, width) { RightRank = latent?.KeyValueRank ?? 0 };

    /// <summary>Variance over the heads of a layer of the log Frobenius norm of a random start.</summary>
    /// <remarks>With U and V Gaussian, n rows each, and fixed S and T, |(US)ᵀ(VT)|² = tr(P·Q), P = U·SSᵀ·Uᵀ, Q = V·TTᵀ·Vᵀ. Its relative variance is 2/n·(α + β + (n+1)·αβ) with α = |SSᵀ|²/tr(SSᵀ)² and β alike, that
    /// of the log norm a quarter of it. α is 1/d for rows that read the stream, and 1/r + 1/d on average through a compressed vector of r values. Shared rows are the same in all heads: α/2·(1/rows + 1/d). Of a sum of two
    /// products the log norm varies no more than that of the one that varies most.</remarks>
    public double LogNormVariance
    {
        get
        {
            var (left, right) = (Share(LeftRank, Width), Share(RightRank, Width));
            var own = (left + right + ((Rows + 1) * left * right)) / (2.0 * Rows);
            return SharedRows > 0 ? Math.Max(own, left / 2 * ((1.0 / SharedRows) + (1.0 / Width))) : own;

            static double Share(int rank, int width) => (1.0 / width) + (rank > 0 ? 1.0 / rank : 0);
        }
    }

    /// <summary>What the product of random matrices of these shapes looks like.</summary>
    public StartSpectra Start()
    {
        var random = new CounterRandom(0, Stream);
        var (rows, width, shared) = (Rows, Width, SharedRows);
        float[] Draw(int count, int columns)
        {
            var values = new float[checked(count * columns)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextGaussian();
            }

            return values;
        }

        float[] Through(int count, int rank)
        {
            if (rank == 0)
            {
                return Draw(count, width);
            }

            var (up, down) = (Draw(count, rank), Draw(rank, width));
            var product = new float[checked(count * width)];
            RowProducts.Multiply(up, count, ParallelProducts.Transposed(down, rank, width), width, rank, product);
            return product;
        }

        var left = Through(rows + shared, LeftRank);
        var own = new HeadProduct(left[..(rows * width)], Through(rows, RightRank), rows);
        if (shared == 0)
        {
            return new StartSpectra([own.SingularValues()], 0);
        }

        // How large either part of the sum begins depends on deviations that nobody states, so mixtures of all sizes are tried.
        var rotary = new HeadProduct(left[(rows * width)..], Draw(shared, width), shared);
        var (first, second) = (Math.Exp(-own.LogNorm()), Math.Exp(-rotary.LogNorm()));
        var spectra = new double[Mixtures][];
        for (var i = 0; i < Mixtures; i++)
        {
            var (sine, cosine) = Math.SinCos(i * Math.PI / 2 / (Mixtures - 1));
            spectra[i] = new HeadProduct(
                left, [.. own.Right.Select(value => (float)(value * cosine * first)), .. rotary.Right.Select(value => (float)(value * sine * second))], rows + shared).SingularValues();
        }

        return new StartSpectra(spectra, Math.PI / 4 / (Mixtures - 1));
    }
}

/// <summary>Singular values of products of a random start.</summary>
/// <param name="Mixtures">Descending each; several where the sizes of two parts are not known.</param>
/// <param name="Angle">How far, in radians, a mixture between two of them can be from the nearer.</param>
internal sealed record StartSpectra(IReadOnlyList<double[]> Mixtures, double Angle);
