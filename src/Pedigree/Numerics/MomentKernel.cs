using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>Sums over values that statistics are made of: powers of (x - pivot) · scale over the finite values, extremes, and counts. The default value is empty.</summary>
internal struct MomentSums
{
    /// <summary>Sums of the first to fourth power.</summary>
    public double First, Second, Third, Fourth;

    /// <summary>Smallest and largest finite value, zero without a sign; meaningless without one.</summary>
    public float Minimum, Maximum;

    /// <summary>Finite values, zeros among them, values that are not numbers, and infinite values.</summary>
    public long Finite, Zeros, NotNumbers, Infinite;

    /// <summary>Adds sums that were taken with the same pivot and scale.</summary>
    public void Add(in MomentSums other)
    {
        if (other.Finite > 0)
        {
            Minimum = Finite == 0 || other.Minimum < Minimum ? other.Minimum : Minimum;
            Maximum = Finite == 0 || other.Maximum > Maximum ? other.Maximum : Maximum;
        }

        First += other.First;
        Second += other.Second;
        Third += other.Third;
        Fourth += other.Fourth;
        Finite += other.Finite;
        Zeros += other.Zeros;
        NotNumbers += other.NotNumbers;
        Infinite += other.Infinite;
    }
}

/// <summary>One pass over 32-bit floats. Eight lanes run in 32-bit over blocks of 2,048 values; each block closes into doubles in a fixed order, so that the
/// vectorised and the scalar form give the same bits on every machine.</summary>
internal static class MomentKernel
{
    private const int Lanes = 8;
    private const int Block = 2048;

    /// <summary>Adds values to sums.</summary>
    /// <param name="values">The values.</param>
    /// <param name="pivot">Finite; near the mean, so that powers do not cancel.</param>
    /// <param name="scale">A power of two that brings deviations near 1, so that fourth powers neither vanish nor overflow.</param>
    /// <param name="sums">Receives them; all calls must use one pivot and scale.</param>
    public static void Add(ReadOnlySpan<float> values, float pivot, float scale, ref MomentSums sums)
    {
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values.Slice(start, Math.Min(Block, values.Length - start));
            if (!TryAddFinite(block, pivot, scale, ref sums))
            {
                AddBlock(block, pivot, scale, ref sums);
            }
        }
    }

    /// <summary>The scalar twin of <see cref="Add"/>.</summary>
    public static void AddScalar(ReadOnlySpan<float> values, float pivot, float scale, ref MomentSums sums)
    {
        for (var start = 0; start < values.Length; start += Block)
        {
            AddBlock(values.Slice(start, Math.Min(Block, values.Length - start)), pivot, scale, ref sums);
        }
    }

    // Any value that is not finite shows in the sum, so a block needs no mask; false, and nothing added, if there is one.
    private static bool TryAddFinite(ReadOnlySpan<float> block, float pivot, float scale, ref MomentSums sums)
    {
        var (first, second, third, fourth) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (least, most) = (Vector256.Create(float.PositiveInfinity), Vector256.Create(float.NegativeInfinity));
        var zeros = Vector256<int>.Zero;
        var (pivots, scales) = (Vector256.Create(pivot), Vector256.Create(scale));
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(block);
        foreach (var value in vectors)
        {
            var deviation = (value - pivots) * scales;
            var square = deviation * deviation;
            first += deviation;
            second += square;
            third += square * deviation;
            fourth += square * square;
            least = Vector256.MinNative(value, least);
            most = Vector256.MaxNative(value, most);
            zeros -= Vector256.Equals(value, Vector256<float>.Zero).AsInt32();
        }

        var rest = block[(vectors.Length * Lanes)..];
        var lanes = new BlockLanes();
        first.CopyTo(lanes.First);
        second.CopyTo(lanes.Second);
        third.CopyTo(lanes.Third);
        fourth.CopyTo(lanes.Fourth);
        least.CopyTo(lanes.Least);
        most.CopyTo(lanes.Most);
        lanes.Finite = vectors.Length * Lanes;
        lanes.Zeros = Vector256.Sum(zeros);
        for (var lane = 0; lane < rest.Length; lane++)
        {
            lanes.Add(lane, rest[lane], pivot, scale);
        }

        if (lanes.NotNumbers + lanes.Infinite > 0 || !lanes.IsFinite())
        {
            return false;
        }

        sums.Add(lanes.Close());
        return true;
    }

    private static void AddBlock(ReadOnlySpan<float> block, float pivot, float scale, ref MomentSums sums)
    {
        var lanes = new BlockLanes();
        lanes.Begin();
        for (var i = 0; i < block.Length; i++)
        {
            lanes.Add(i % Lanes, block[i], pivot, scale);
        }

        sums.Add(lanes.Close());
    }

    [InlineArray(Lanes)]
    private struct Lane
    {
        private float _element;
    }

    /// <summary>The lanes of one block.</summary>
    private ref struct BlockLanes
    {
        public Lane First, Second, Third, Fourth, Least, Most;
        public int Finite, Zeros, NotNumbers, Infinite;

        public void Begin()
        {
            ((Span<float>)Least).Fill(float.PositiveInfinity);
            ((Span<float>)Most).Fill(float.NegativeInfinity);
        }

        public void Add(int lane, float value, float pivot, float scale)
        {
            if (!float.IsFinite(value))
            {
                NotNumbers += float.IsNaN(value) ? 1 : 0;
                Infinite += float.IsNaN(value) ? 0 : 1;
                return;
            }

            var deviation = (value - pivot) * scale;
            var square = deviation * deviation;
            First[lane] += deviation;
            Second[lane] += square;
            Third[lane] += square * deviation;
            Fourth[lane] += square * square;
            Least[lane] = Math.Min(value, Least[lane]);
            Most[lane] = Math.Max(value, Most[lane]);
            Finite++;
            Zeros += value is 0 ? 1 : 0;
        }

        public readonly bool IsFinite()
        {
            var sum = 0f;
            for (var lane = 0; lane < Lanes; lane++)
            {
                // x - x is 0 for finite values and not a number for others.
                sum += First[lane] - First[lane];
            }

            return sum is 0;
        }

        /// <summary>The sums of the block, lane by lane.</summary>
        public readonly MomentSums Close()
        {
            var sums = new MomentSums { Minimum = float.PositiveInfinity, Maximum = float.NegativeInfinity, Finite = Finite, Zeros = Zeros, NotNumbers = NotNumbers, Infinite = Infinite };
            for (var lane = 0; lane < Lanes; lane++)
            {
                sums.First += First[lane];
                sums.Second += Second[lane];
                sums.Third += Third[lane];
                sums.Fourth += Fourth[lane];
                sums.Minimum = Math.Min(sums.Minimum, Least[lane]);
                sums.Maximum = Math.Max(sums.Maximum, Most[lane]);
            }

            // Machines differ in which zero is the smaller one; a sum with zero has no sign.
            sums.Minimum += 0f;
            sums.Maximum += 0f;
            return sums;
        }
    }
}
