using System.Numerics;
using System.Runtime.InteropServices;
using Pedigree.Numerics;

namespace Pedigree.Zoo.Models;

/// <summary>Random matrices with orthonormal rows.</summary>
internal static class OrthogonalMatrix
{
    /// <summary>Rows drawn uniformly (Haar) among the orthonormal sets: normal rows made orthonormal.</summary>
    /// <param name="random">Source of values.</param>
    /// <param name="rows">Rows, at most <paramref name="columns"/>.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="perpendicularTo">A vector that all rows shall be perpendicular to; then rows must be fewer than columns.</param>
    /// <returns>rows·columns values, row by row.</returns>
    /// <remarks>Gram-Schmidt applied twice to each row ("twice is enough", Giraud and others, 2005); Stewart (1980) for the distribution.</remarks>
    public static double[] Haar(ref CounterRandom random, int rows, int columns, double[]? perpendicularTo = null)
    {
        var matrix = new double[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var current = matrix.AsSpan(row * columns, columns);
            for (var i = 0; i < columns; i++)
            {
                current[i] = random.NextGaussian();
            }

            for (var pass = 0; pass < 2; pass++)
            {
                if (perpendicularTo is not null)
                {
                    Subtract(current, perpendicularTo, Dot(current, perpendicularTo) / Dot(perpendicularTo, perpendicularTo));
                }

                for (var other = 0; other < row; other++)
                {
                    var earlier = matrix.AsSpan(other * columns, columns);
                    Subtract(current, earlier, Dot(current, earlier));
                }
            }

            var norm = Math.Sqrt(Dot(current, current));
            for (var i = 0; i < columns; i++)
            {
                current[i] /= norm;
            }
        }

        return matrix;
    }

    /// <summary>A Haar rotation of n dimensions that keeps the vector of ones where it is: what LayerNorm allows.</summary>
    public static double[] KeepingOnes(ref CounterRandom random, int n)
    {
        var ones = new double[n];
        Array.Fill(ones, 1);
        // Two bases of the space perpendicular to the ones, joined: sum of from_i times to_i, plus the projection on the ones.
        var from = Haar(ref random, n - 1, n, ones);
        var to = Haar(ref random, n - 1, n, ones);
        var rotation = new double[n * n];
        Array.Fill(rotation, 1.0 / n);
        for (var i = 0; i < n - 1; i++)
        {
            for (var row = 0; row < n; row++)
            {
                Subtract(rotation.AsSpan(row * n, n), to.AsSpan(i * n, n), -from[(i * n) + row]);
            }
        }

        return rotation;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sums = Vector<double>.Zero;
        var sum = 0.0;
        var lanes = Vector<double>.Count;
        var i = 0;
        for (; i <= left.Length - lanes; i += lanes)
        {
            sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        }

        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum + Vector.Sum(sums);
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> direction, double factor)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(from);
        var directions = MemoryMarshal.Cast<double, Vector<double>>(direction);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] -= directions[i] * factor;
        }

        for (var i = vectors.Length * Vector<double>.Count; i < from.Length; i++)
        {
            from[i] -= direction[i] * factor;
        }
    }
}
