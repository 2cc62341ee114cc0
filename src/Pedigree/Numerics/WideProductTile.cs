using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>A tile of 8 × 32 products in registers of 512 bits: 16 sums, two panel vectors and one broadcast, of 32 registers.</summary>
internal readonly struct WideProductTile : IProductTile
{
    /// <inheritdoc/>
    public static int Rows => 8;

    /// <inheritdoc/>
    public static int Columns => 32;

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
            var a6 = a + Math.Min(6, last) * strideOfA;
            var a7 = a + Math.Min(7, last) * strideOfA;
            Vector512<float> left0 = Vector512<float>.Zero, right0 = Vector512<float>.Zero;
            Vector512<float> left1 = Vector512<float>.Zero, right1 = Vector512<float>.Zero;
            Vector512<float> left2 = Vector512<float>.Zero, right2 = Vector512<float>.Zero;
            Vector512<float> left3 = Vector512<float>.Zero, right3 = Vector512<float>.Zero;
            Vector512<float> left4 = Vector512<float>.Zero, right4 = Vector512<float>.Zero;
            Vector512<float> left5 = Vector512<float>.Zero, right5 = Vector512<float>.Zero;
            Vector512<float> left6 = Vector512<float>.Zero, right6 = Vector512<float>.Zero;
            Vector512<float> left7 = Vector512<float>.Zero, right7 = Vector512<float>.Zero;
            for (nint t = 0; t < depth; t++)
            {
                var left = Vector512.Load(panel);
                var right = Vector512.Load(panel + 16);
                panel += 32;

                var x0 = Vector512.Create(a[t]);
                left0 = Vector512.FusedMultiplyAdd(x0, left, left0);
                right0 = Vector512.FusedMultiplyAdd(x0, right, right0);

                var x1 = Vector512.Create(a1[t]);
                left1 = Vector512.FusedMultiplyAdd(x1, left, left1);
                right1 = Vector512.FusedMultiplyAdd(x1, right, right1);

                var x2 = Vector512.Create(a2[t]);
                left2 = Vector512.FusedMultiplyAdd(x2, left, left2);
                right2 = Vector512.FusedMultiplyAdd(x2, right, right2);

                var x3 = Vector512.Create(a3[t]);
                left3 = Vector512.FusedMultiplyAdd(x3, left, left3);
                right3 = Vector512.FusedMultiplyAdd(x3, right, right3);

                var x4 = Vector512.Create(a4[t]);
                left4 = Vector512.FusedMultiplyAdd(x4, left, left4);
                right4 = Vector512.FusedMultiplyAdd(x4, right, right4);

                var x5 = Vector512.Create(a5[t]);
                left5 = Vector512.FusedMultiplyAdd(x5, left, left5);
                right5 = Vector512.FusedMultiplyAdd(x5, right, right5);

                var x6 = Vector512.Create(a6[t]);
                left6 = Vector512.FusedMultiplyAdd(x6, left, left6);
                right6 = Vector512.FusedMultiplyAdd(x6, right, right6);

                var x7 = Vector512.Create(a7[t]);
                left7 = Vector512.FusedMultiplyAdd(x7, left, left7);
                right7 = Vector512.FusedMultiplyAdd(x7, right, right7);
            }

            Store(target, left0, right0, add);
            Store(target + strideOfTarget, left1, right1, add);
            Store(target + 2 * strideOfTarget, left2, right2, add);
            Store(target + 3 * strideOfTarget, left3, right3, add);
            Store(target + 4 * strideOfTarget, left4, right4, add);
            Store(target + 5 * strideOfTarget, left5, right5, add);
            Store(target + 6 * strideOfTarget, left6, right6, add);
            Store(target + 7 * strideOfTarget, left7, right7, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Store(float* target, Vector512<float> left, Vector512<float> right, bool add)
    {
        if (add)
        {
            left = Vector512.Load(target) + left;
            right = Vector512.Load(target + 16) + right;
        }

        left.Store(target);
        right.Store(target + 16);
    }
}
