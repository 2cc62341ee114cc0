using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>Sums of products in double precision whose bits do not depend on the machine: four fixed lanes whatever the processor offers, no fused
/// multiply-add, lanes and remainder added in order.</summary>
internal static class FixedOrderSum
{
    /// <summary>Σ a[i] · b[i].</summary>
    /// <param name="a">First factors.</param>
    /// <param name="b">Second factors, as many.</param>
    public static double Products(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        var lanes = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            lanes += Widen(a.Slice(i, 4)) * Widen(b.Slice(i, 4));
        }

        var sum = ((lanes[0] + lanes[1]) + lanes[2]) + lanes[3];
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Does what <see cref="Products"/> does without vectors; the yardstick for it.</summary>
    internal static double ProductsScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double first = 0, second = 0, third = 0, fourth = 0;
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            first += (double)a[i] * b[i];
            second += (double)a[i + 1] * b[i + 1];
            third += (double)a[i + 2] * b[i + 2];
            fourth += (double)a[i + 3] * b[i + 3];
        }

        var sum = ((first + second) + third) + fourth;
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>sums[i] += a[i] · b[i]; every place is a sum of its own, so vectors change no bit.</summary>
    /// <param name="a">First factors.</param>
    /// <param name="b">Second factors, as many.</param>
    /// <param name="sums">As many sums.</param>
    public static void AddProducts(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, a.Length);
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            var four = sums.Slice(i, 4);
            (Vector256.Create<double>(four) + (Widen(a.Slice(i, 4)) * Widen(b.Slice(i, 4)))).CopyTo(four);
        }

        for (; i < a.Length; i++)
        {
            sums[i] += (double)a[i] * b[i];
        }
    }

    /// <summary>Does what <see cref="AddProducts"/> does without vectors; the yardstick for it.</summary>
    internal static void AddProductsScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<double> sums)
    {
        for (var i = 0; i < a.Length; i++)
        {
            sums[i] += (double)a[i] * b[i];
        }
    }

    private static Vector256<double> Widen(ReadOnlySpan<float> four)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Create(four));
        return Vector256.Create(lower, upper);
    }
}
