using System.Numerics;
using System.Runtime.InteropServices;

namespace Pedigree.Zoo.Models;

/// <summary>Products of weights with a matrix in double precision.</summary>
internal static class RightProduct
{
    /// <summary>W·M, each row on its own, sums in the order of the inner index.</summary>
    /// <param name="weights">W, rows of n values.</param>
    /// <param name="matrix">M, n x <paramref name="columns"/>, row by row.</param>
    /// <param name="columns">Columns of M.</param>
    public static Weights Of(Weights weights, double[] matrix, int columns)
    {
        var product = new Weights(weights.Rows, columns);
        Parallel.For(
            0, weights.Rows, () => new double[columns], (row, _, sums) =>
            {
                Array.Clear(sums);
                var values = weights.Row(row);
                var vectors = MemoryMarshal.Cast<double, Vector<double>>(sums.AsSpan());
                for (var i = 0; i < values.Length; i++)
                {
                    double factor = values[i];
                    var from = matrix.AsSpan(i * columns, columns);
                    var directions = MemoryMarshal.Cast<double, Vector<double>>(from);
                    for (var j = 0; j < vectors.Length; j++)
                    {
                        vectors[j] += directions[j] * factor;
                    }

                    for (var j = vectors.Length * Vector<double>.Count; j < columns; j++)
                    {
                        sums[j] += from[j] * factor;
                    }
                }

                var to = product.Row(row);
                for (var j = 0; j < columns; j++)
                {
                    to[j] = (float)sums[j];
                }

                return sums;
            },
            _ => { });
        return product;
    }
}
