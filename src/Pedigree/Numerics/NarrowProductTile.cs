using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>A tile of 6 × 8 products in registers of 128 bits: 12 sums, two panel vectors and one broadcast, of 16 registers or more.</summary>
internal readonly struct NarrowProductTile : IProductTile
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Columns => 8;

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
            Vector128<float> left0 = Vector128<float>.Zero, right0 = Vector128<float>.Zero;
            Vector128<float> left1 = Vector128<float>.Zero, right1 = Vector128<float>.Zero;
            Vector128<float> left2 = Vector128<float>.Zero, right2 = Vector128<float>.Zero;
            Vector128<float> left3 = Vector128<float>.Zero, right3 = Vector128<float>.Zero;
            Vector128<float> left4 = Vector128<float>.Zero, right4 = Vector128<float>.Zero;
            Vector128<float> left5 = Vector128<float>.Zero, right5 = Vector128<float>.Zero;
            for (nint t = 0; t < depth; t++)
            {
                var left = Vector128.Load(panel);
                var right = Vector128.Load(panel + 4);
                panel += 8;

                var x0 = Vector128.Create(a[t]);
                left0 = Vector128.FusedMultiplyAdd(x0, left, left0);
                right0 = Vector128.FusedMultiplyAdd(x0, right, right0);

                var x1 = Vector128.Create(a1[t]);
                left1 = Vector128.FusedMultiplyAdd(x1, left, left1);
                right1 = Vector128.FusedMultiplyAdd(x1, right, right1);

                var x2 = Vector128.Create(a2[t]);
                left2 = Vector128.FusedMultiplyAdd(x2, left, left2);
                right2 = Vector128.FusedMultiplyAdd(x2, right, right2);

                var x3 = Vector128.Create(a3[t]);
                left3 = Vector128.FusedMultiplyAdd(x3, left, left3);
                right3 = Vector128.FusedMultiplyAdd(x3, right, right3);

                var x4 = Vector128.Create(a4[t]);
                left4 = Vector128.FusedMultiplyAdd(x4, left, left4);
                right4 = Vector128.FusedMultiplyAdd(x4, right, right4);

                var x5 = Vector128.Create(a5[t]);
                left5 = Vector128.FusedMultiplyAdd(x5, left, left5);
                right5 = Vector128.FusedMultiplyAdd(x5, right, right5);
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
    private static unsafe void Store(float* target, Vector128<float> left, Vector128<float> right, bool add)
    {
        if (add)
        {
            left = Vector128.Load(target) + left;
            right = Vector128.Load(target + 4) + right;
        }

        left.Store(target);
        right.Store(target + 4);
    }
}
