namespace Pedigree.Numerics;

/// <summary>A distribution on whole numbers: probabilities of consecutive numbers from an offset on, negligible ends cut off.</summary>
internal sealed class DiscreteDistribution
{
    // Against the largest probability. The sum of what is cut off stays far below the rounding of double.
    private const double Negligible = 1e-25;

    private readonly int _offset;
    private readonly double[] _probabilities;

    private DiscreteDistribution(int offset, double[] probabilities)
    {
        var threshold = probabilities.Max() * Negligible;
        var first = 0;
        while (!(probabilities[first] >= threshold))
        {
            first++;
        }

        var last = probabilities.Length - 1;
        while (!(probabilities[last] >= threshold))
        {
            last--;
        }

        _offset = offset + first;
        _probabilities = probabilities[first..(last + 1)];
    }

    /// <summary>The distribution of the sum of independent draws, by repeated squaring.</summary>
    /// <param name="probabilities">Probabilities of 0, 1, 2 and so on for one draw; at least one is positive.</param>
    /// <param name="draws">Number of draws; one or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="draws"/> is zero or negative.</exception>
    internal static DiscreteDistribution Power(double[] probabilities, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        var power = new DiscreteDistribution(0, probabilities);
        var product = new DiscreteDistribution(0, [1.0]);
        for (var rest = draws; ; power = power.Plus(power))
        {
            if ((rest & 1) != 0)
            {
                product = product.Plus(power);
            }

            rest >>= 1;
            if (rest == 0)
            {
                return product;
            }
        }
    }

    /// <summary>Probability of the numbers below <paramref name="limit"/>.</summary>
    internal double SumBelow(int limit)
    {
        CompensatedSum sum = default;
        for (var i = 0; i < _probabilities.Length && _offset + i < limit; i++)
        {
            sum.Add(_probabilities[i]);
        }

        return sum.Value;
    }

    /// <summary>Sum over the numbers s from <paramref name="limit"/> on of their probability times e^(-rate·(s - limit)).</summary>
    internal double DiscountedSumFrom(int limit, double rate)
    {
        CompensatedSum sum = default;
        for (var i = Math.Max(0, limit - _offset); i < _probabilities.Length; i++)
        {
            sum.Add(_probabilities[i] * Math.Exp(-rate * (_offset + i - limit)));
        }

        return sum.Value;
    }

    private DiscreteDistribution Plus(DiscreteDistribution other)
    {
        unchecked
        {
            var addend = other._probabilities;
            var sum = new double[_probabilities.Length + addend.Length - 1];
            for (var i = 0; i < _probabilities.Length; i++)
            {
                var weight = _probabilities[i];
                var target = sum.AsSpan(i, addend.Length);
                for (var j = 0; j < target.Length; j++)
                {
                    target[j] += weight * addend[j];
                }
            }

            return new DiscreteDistribution(_offset + other._offset, sum);
        }
    }
}
