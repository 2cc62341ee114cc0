using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>Sums over values that statistics are made of: powers of (x - pivot) · scale over the finite values, extremes, and counts. The default value is empty.</summary>
internal struct MomentSums
{
    /// <summary>Sums of the first to fourth power.</summary>
    public double First, Second, Third, Fourth;

    /// <summary>Smallest and largest finite value; meaningless without one.</summary>
    public float Minimum, Maximum;

    /// <summary>Finite values, zeros among them, values that are not numbers, and infinite values.</summary>
    public long Finite, Zeros, NotNumbers, Infinite;
}

/// <summary>One pass over 32-bit floats. Sixteen lanes run in 32-bit over blocks of 2,048 values; each block closes into doubles in a fixed order, so that the
/// vectorised and the scalar form give the same bits on every machine.</summary>
internal static class MomentKernel
{
    private const int Lanes = 16;
    private const int Block = 2048;

    /// <summary>Adds values to sums.</summary>
    /// <param name="values">The values.</param>
    /// <param name="pivot">Finite; near the mean, so that powers do not cancel.</param>
    /// <param name="scale">A power of two that brings deviations near 1, so that fourth powers neither vanish nor overflow.</param>
    /// <param name="sums">Receives them; all calls must use one pivot and scale.</param>
    public static void Add(ReadOnlySpan<float> values, float pivot, float scale, ref MomentSums sums)
    {
        var lanes = new BlockLanes();
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values.Slice(start, Math.Min(Block, values.Length - start));
            AddBlock(block, pivot, scale, ref lanes);
            lanes.Close(ref sums);
        }
    }

    /// <summary>The scalar twin of <see cref="Add"/>.</summary>
    public static void AddScalar(ReadOnlySpan<float> values, float pivot, float scale, ref MomentSums sums)
    {
        var lanes = new BlockLanes();
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values.Slice(start, Math.Min(Block, values.Length - start));
            for (var i = 0; i < block.Length; i++)
            {
                lanes.Add(i % Lanes, block[i], pivot, scale);
            }

            lanes.Close(ref sums);
        }
    }

    private static void AddBlock(ReadOnlySpan<float> block, float pivot, float scale, ref BlockLanes lanes)
    {
        var (first, second, third, fourth) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (least, most) = (Vector512.Create(float.PositiveInfinity), Vector512.Create(float.NegativeInfinity));
        var (finite, zeros, numbers) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var (pivots, scales) = (Vector512.Create(pivot), Vector512.Create(scale));
        var at = 0;
        for (; at <= block.Length - Lanes; at += Lanes)
        {
            var value = Vector512.Create(block.Slice(at, Lanes));
            // x - x is 0 for finite values and not a number for others.
            var isFinite = Vector512.Equals(value - value, Vector512<float>.Zero);
            var deviation = Vector512.ConditionalSelect(isFinite, (value - pivots) * scales, Vector512<float>.Zero);
            var square = deviation * deviation;
            first += deviation;
            second += square;
            third += square * deviation;
            fourth += square * square;
            least = Vector512.ConditionalSelect(isFinite & Vector512.LessThan(value, least), value, least);
            most = Vector512.ConditionalSelect(isFinite & Vector512.GreaterThan(value, most), value, most);
            finite -= isFinite.AsInt32();
            zeros -= Vector512.Equals(value, Vector512<float>.Zero).AsInt32();
            numbers -= Vector512.Equals(value, value).AsInt32();
        }

        lanes.Set(first, second, third, fourth, least, most, at, (int)Vector512.Sum(finite), Vector512.Sum(zeros), Vector512.Sum(numbers));
        for (var i = at; i < block.Length; i++)
        {
            lanes.Add(i - at, block[i], pivot, scale);
        }
    }

    /// <summary>The lanes of one block.</summary>
    private sealed class BlockLanes
    {
        private readonly float[] _first = new float[Lanes];
        private readonly float[] _second = new float[Lanes];
        private readonly float[] _third = new float[Lanes];
        private readonly float[] _fourth = new float[Lanes];
        private float _least = float.PositiveInfinity;
        private float _most = float.NegativeInfinity;
        private int _all;
        private int _finite;
        private int _zeros;
        private int _numbers;

        public void Set(
            Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth, Vector512<float> least, Vector512<float> most,
            int all, int finite, int zeros, int numbers)
        {
            first.CopyTo(_first);
            second.CopyTo(_second);
            third.CopyTo(_third);
            fourth.CopyTo(_fourth);
            for (var lane = 0; lane < Lanes; lane++)
            {
                _least = least[lane] < _least ? least[lane] : _least;
                _most = most[lane] > _most ? most[lane] : _most;
            }

            (_all, _finite, _zeros, _numbers) = (all, finite, zeros, numbers);
        }

        public void Add(int lane, float value, float pivot, float scale)
        {
            _all++;
            _numbers += float.IsNaN(value) ? 0 : 1;
            if (!float.IsFinite(value))
            {
                return;
            }

            var deviation = (value - pivot) * scale;
            var square = deviation * deviation;
            _first[lane] += deviation;
            _second[lane] += square;
            _third[lane] += square * deviation;
            _fourth[lane] += square * square;
            _least = value < _least ? value : _least;
            _most = value > _most ? value : _most;
            _finite++;
            _zeros += value is 0 ? 1 : 0;
        }

        /// <summary>Adds the block to the sums, lane by lane, and empties it.</summary>
        public void Close(ref MomentSums sums)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                sums.First += _first[lane];
                sums.Second += _second[lane];
                sums.Third += _third[lane];
                sums.Fourth += _fourth[lane];
            }

            if (_finite > 0)
            {
                sums.Minimum = sums.Finite == 0 || _least < sums.Minimum ? _least : sums.Minimum;
                sums.Maximum = sums.Finite == 0 || _most > sums.Maximum ? _most : sums.Maximum;
            }

            sums.Finite += _finite;
            sums.Zeros += _zeros;
            sums.NotNumbers += _all - _numbers;
            sums.Infinite += _numbers - _finite;
            Array.Clear(_first);
            Array.Clear(_second);
            Array.Clear(_third);
            Array.Clear(_fourth);
            (_least, _most, _all, _finite, _zeros, _numbers) = (float.PositiveInfinity, float.NegativeInfinity, 0, 0, 0, 0);
        }
    }
}
