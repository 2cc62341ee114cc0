using System.Runtime.Intrinsics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Sums from which the cosine of two lists of values follows. Sums of parts add up in the order in which they are added.</summary>
internal struct ValueAgreement
{
    /// <summary>Pairs of values that entered the sums.</summary>
    public long Count;

    /// <summary>Pairs that are equal bit for bit once decoded.</summary>
    public long BitEqual;

    /// <summary>Pairs left out because a value of their row is infinite or not a number.</summary>
    public long NotFinite;

    /// <summary>Sum of squares of the first list.</summary>
    public double FirstSquares;

    /// <summary>Sum of squares of the second list.</summary>
    public double SecondSquares;

    /// <summary>Sum of products.</summary>
    public double Products;

    /// <summary>Cosine of the two lists; null when either is empty or zero.</summary>
    public readonly double? Cosine =>
        FirstSquares > 0 && SecondSquares > 0 ? Math.Clamp(Products / Math.Sqrt(FirstSquares) / Math.Sqrt(SecondSquares), -1, 1) : null;

    /// <summary>Adds two rows of equal length.</summary>
    public void AddRow(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        // Four fixed lanes of doubles whatever the processor offers, and no fused multiply-add: the same sum on every machine.
        var (a, b, ab) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var equal = 0;
        var i = 0;
        for (; i <= first.Length - 4; i += 4)
        {
            var (x, y) = (Vector128.Create(first.Slice(i, 4)), Vector128.Create(second.Slice(i, 4)));
            equal += System.Numerics.BitOperations.PopCount(Vector128.Equals(x.AsUInt32(), y.AsUInt32()).ExtractMostSignificantBits());
            var (xd, yd) = (Widen(x), Widen(y));
            a += xd * xd;
            b += yd * yd;
            ab += xd * yd;
        }

        var (sumA, sumB, sumAB) = (Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(ab));
        for (; i < first.Length; i++)
        {
            equal += BitConverter.SingleToUInt32Bits(first[i]) == BitConverter.SingleToUInt32Bits(second[i]) ? 1 : 0;
            sumA += (double)first[i] * first[i];
            sumB += (double)second[i] * second[i];
            sumAB += (double)first[i] * second[i];
        }

        if (!double.IsFinite(sumA) || !double.IsFinite(sumB))
        {
            NotFinite += first.Length;
            return;
        }

        Count += first.Length;
        BitEqual += equal;
        FirstSquares += sumA;
        SecondSquares += sumB;
        Products += sumAB;
    }

    /// <summary>Adds the sums of another part.</summary>
    public void Add(in ValueAgreement part)
    {
        Count += part.Count;
        BitEqual += part.BitEqual;
        NotFinite += part.NotFinite;
        FirstSquares += part.FirstSquares;
        SecondSquares += part.SecondSquares;
        Products += part.Products;
    }

    private static Vector256<double> Widen(Vector128<float> values)
    {
        var (lower, upper) = Vector128.Widen(values);
        return Vector256.Create(lower, upper);
    }
}
