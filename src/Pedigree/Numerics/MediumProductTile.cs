using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>A tile of 6 × 16 products in registers of 256 bits: 12 sums, two panel vectors and one broadcast, of 16 registers.</summary>
internal readonly struct MediumProductTile : IProductTile
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Columns => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Multiply(
        float* a, nint strideOfA, int validRows, float* panel, int depth, float* target, nint strideOfTarget, bool add)
    {
        unchecked
        {
            var last = validRows - 1;
            var a1 = a + Math.Min(1, last) * strideOfA;
            var a2 = a + Math.Min(2, last) * strideOfA;
            var a3 = a + Math.Min(3, last) * strideOfA;
            var a4 = a + Math.Min(4, last) * strideOfA;
            var a5 = a + Math.Min(5, last) * strideOfA;
            Vector256<float> left0 = Vector256<float>.Zero, right0 = Vector256<float>.Zero;
            Vector256<float> left1 = Vector256<float>.Zero, right1 = Vector256<float>.Zero;
            Vector256<float> left2 = Vector256<float>.Zero, right2 = Vector256<float>.Zero;
            Vector256<float> left3 = Vector256<float>.Zero, right3 = Vector256<float>.Zero;
            Vector256<float> left4 = Vector256<float>.Zero, right4 = Vector256<float>.Zero;
            Vector256<float> left5 = Vector256<float>.Zero, right5 = Vector256<float>.Zero;
            for (nint t = 0; t < depth; t++)
            {
                var left = Vector256.Load(panel);
                var right = Vector256.Load(panel + 8);
                panel += 16;

                var x0 = Vector256.Create(a[t]);
                left0 = Vector256.FusedMultiplyAdd(x0, left, left0);
                right0 = Vector256.FusedMultiplyAdd(x0, right, right0);

                var x1 = Vector256.Create(a1[t]);
                left1 = Vector256.FusedMultiplyAdd(x1, left, left1);
                right1 = Vector256.FusedMultiplyAdd(x1, right, right1);

                var x2 = Vector256.Create(a2[t]);
                left2 = Vector256.FusedMultiplyAdd(x2, left, left2);
                right2 = Vector256.FusedMultiplyAdd(x2, right, right2);

                var x3 = Vector256.Create(a3[t]);
                left3 = Vector256.FusedMultiplyAdd(x3, left, left3);
                right3 = Vector256.FusedMultiplyAdd(x3, right, right3);

                var x4 = Vector256.Create(a4[t]);
                left4 = Vector256.FusedMultiplyAdd(x4, left, left4);
                right4 = Vector256.FusedMultiplyAdd(x4, right, right4);

                var x5 = Vector256.Create(a5[t]);
                left5 = Vector256.FusedMultiplyAdd(x5, left, left5);
                right5 = Vector256.FusedMultiplyAdd(x5, right, right5);
            }

            Store(target, left0, right0, add);
            Store(target + strideOfTarget, left1, right1, add);
            Store(target + 2 * strideOfTarget, left2, right2, add);
            Store(target + 3 * strideOfTarget, left3, right3, add);
            Store(target + 4 * strideOfTarget, left4, right4, add);
            Store(target + 5 * strideOfTarget, left5, right5, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Store(float* target, Vector256<float> left, Vector256<float> right, bool add)
    {
        if (add)
        {
            left = Vector256.Load(target) + left;
            right = Vector256.Load(target + 8) + right;
        }

        left.Store(target);
        right.Store(target + 8);
    }
}
