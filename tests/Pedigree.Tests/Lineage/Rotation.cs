using Pedigree.Numerics;

namespace Pedigree.Tests.Lineage;

/// <summary>Orthogonal alignment of two residual bases.</summary>
internal static class Rotation
{
    /// <summary>The transpose of the rotation Q that brings rows · Q closest to the other rows (orthogonal Procrustes): the polar factor of the product, by the iteration
    /// of Newton and Schulz.</summary>
    public static float[] Between((int Rows, int Columns, float[] Values) rows, (int Rows, int Columns, float[] Values) others)
    {
        var width = rows.Columns;
        var factor = Times(Transposed(others.Values, others.Rows, width), width, Transposed(rows.Values, rows.Rows, width), width, rows.Rows);
        var scale = (float)(1 / Math.Sqrt(FixedOrderSum.Products(factor, factor)));
        foreach (ref var value in factor.AsSpan())
        {
            value *= scale;
        }

        for (var step = 0; step < 200; step++)
        {
            var turned = Transposed(factor, width, width);
            var cubic = Times(Times(factor, width, factor, width), width, turned, width);
            for (var i = 0; i < factor.Length; i++)
            {
                factor[i] = (1.5f * factor[i]) - (0.5f * cubic[i]);
            }
        }

        return factor;
    }

    /// <summary>Rows times the transpose of a matrix, as <see cref="RowProducts"/> does it.</summary>
    public static float[] Times(float[] rows, int count, float[] others, int otherCount, int? depth = null)
    {
        var result = new float[count * otherCount];
        RowProducts.Multiply(rows, count, others, otherCount, depth ?? otherCount, result);
        return result;
    }

    /// <summary>The transpose.</summary>
    public static float[] Transposed(float[] values, int rows, int columns)
    {
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            result[(i % columns * rows) + (i / columns)] = values[i];
        }

        return result;
    }
}
