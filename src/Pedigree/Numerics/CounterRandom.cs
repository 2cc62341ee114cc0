namespace Pedigree.Numerics;

/// <summary>
/// Deterministic random numbers: the n-th number is a fixed function of seed, stream and n, so that work divided among threads
/// draws the same numbers as work done in sequence when every part has a stream of its own. Not for secrets.
/// </summary>
/// <remarks>
/// Source: SplitMix64, from Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014), section 5,
/// with variant 13 of Stafford's finalizer. A mutable struct: pass it by reference, a copy repeats the numbers.
/// </remarks>
internal struct CounterRandom
{
    // 2^64 divided by the golden ratio, made odd: the increment of SplitMix64.
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _counter;

    /// <summary>Starts a stream of numbers.</summary>
    /// <param name="seed">Any number; the same for everything that one run draws.</param>
    /// <param name="stream">Any number; different for parts that shall draw independently.</param>
    internal CounterRandom(ulong seed, ulong stream) => _counter = Mix(seed, stream);

    /// <summary>Combines two numbers into one, so that any change of either changes half of the bits on average. Not symmetric.</summary>
    internal static ulong Mix(ulong left, ulong right) => unchecked(Finalize(Finalize(left + GoldenGamma) + (right + 1) * GoldenGamma));

    /// <summary>Draws 64 uniform bits.</summary>
    internal ulong NextUInt64()
    {
        unchecked
        {
            _counter += GoldenGamma;
            return Finalize(_counter);
        }
    }

    /// <summary>Draws a uniform integer from 0 to <paramref name="exclusiveMax"/> - 1, without bias.</summary>
    /// <remarks>Source: Lemire, "Fast Random Integer Generation in an Interval" (ACM TOMACS 29, 2019), algorithm 5.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is zero or negative.</exception>
    internal int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        unchecked
        {
            var range = (ulong)exclusiveMax;
            var high = Math.BigMul(NextUInt64(), range, out var low);
            if (low < range)
            {
                var threshold = (0 - range) % range;
                while (low < threshold)
                {
                    high = Math.BigMul(NextUInt64(), range, out low);
                }
            }

            return (int)high;
        }
    }

    /// <summary>Draws a uniform multiple of 2^-53 from [0, 1).</summary>
    internal double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a standard normal number. Takes two draws; at most about 8.6 in size.</summary>
    /// <remarks>Source: Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958); the second deviate is dropped.</remarks>
    internal double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts the items in uniformly random order (Fisher and Yates).</summary>
    internal void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>Draws a uniformly random order of 0 to <paramref name="n"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    internal int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var items = new int[n];
        for (var i = 0; i < n; i++)
        {
            items[i] = i;
        }

        Shuffle(items);
        return items;
    }

    private static ulong Finalize(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
