using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>A hash of 64 bits over 32-bit floats, bit by bit: fast, and no defence against somebody who looks for collisions.</summary>
/// <remarks>32 lanes of 32 bits, each a chain of multiply, exclusive or, rotate and multiply. Every step is a permutation of the lane and of the value, so that rows
/// that differ in one place stay apart until the last fold. Unlike rows meet with a chance of 2^-64, rows that differ only in places equal modulo 8 with about 2^-32.</remarks>
internal static class RowHash
{
    private const int Lanes = 32;
    private const int Rotation = 13;
    private const uint ValueFactor = 0x85EBCA77;
    private const uint Factor = 0x9E3779B1;

    /// <summary>The hash of values that follow others.</summary>
    /// <param name="values">The values.</param>
    /// <param name="seed">The hash of those before, or any number.</param>
    public static ulong Of(ReadOnlySpan<float> values, ulong seed)
    {
        var words = MemoryMarshal.Cast<float, uint>(values);
        Span<uint> start = stackalloc uint[Lanes];
        Begin(start, seed);
        var (a, b, c, d) = (Vector256.Create<uint>(start), Vector256.Create<uint>(start[8..]), Vector256.Create<uint>(start[16..]), Vector256.Create<uint>(start[24..]));
        var blocks = MemoryMarshal.Cast<uint, Vector256<uint>>(words[..(words.Length / Lanes * Lanes)]);
        for (var at = 0; at < blocks.Length; at += 4)
        {
            a = Step(a, blocks[at]);
            b = Step(b, blocks[at + 1]);
            c = Step(c, blocks[at + 2]);
            d = Step(d, blocks[at + 3]);
        }

        if (words.Length % Lanes > 0)
        {
            Span<uint> rest = stackalloc uint[Lanes];
            Rest(words, rest);
            a = Step(a, Vector256.Create<uint>(rest));
            b = Step(b, Vector256.Create<uint>(rest[8..]));
            c = Step(c, Vector256.Create<uint>(rest[16..]));
            d = Step(d, Vector256.Create<uint>(rest[24..]));
        }

        var folded = Step(Step(a, b), Step(c, d)).AsUInt64();
        return CounterRandom.Mix(CounterRandom.Mix(folded[0], folded[1]), CounterRandom.Mix(folded[2], folded[3]));
    }

    /// <summary>The scalar twin of <see cref="Of"/>.</summary>
    public static ulong OfScalar(ReadOnlySpan<float> values, ulong seed)
    {
        var words = MemoryMarshal.Cast<float, uint>(values);
        Span<uint> lanes = stackalloc uint[Lanes];
        Span<uint> rest = stackalloc uint[Lanes];
        Begin(lanes, seed);
        for (var at = 0; at < words.Length; at += Lanes)
        {
            Rest(words[at..Math.Min(words.Length, at + Lanes)], rest);
            for (var lane = 0; lane < Lanes; lane++)
            {
                lanes[lane] = Step(lanes[lane], at + Lanes <= words.Length ? words[at + lane] : rest[lane]);
            }
        }

        Span<uint> folded = stackalloc uint[8];
        for (var lane = 0; lane < folded.Length; lane++)
        {
            folded[lane] = Step(
                Step(lanes[lane], lanes[lane + 8]), Step(lanes[lane + 16], lanes[lane + 24]));
        }

        var pairs = MemoryMarshal.Cast<uint, ulong>(folded);
        return CounterRandom.Mix(CounterRandom.Mix(pairs[0], pairs[1]), CounterRandom.Mix(pairs[2], pairs[3]));
    }

    private static void Begin(Span<uint> lanes, ulong seed)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            lanes[lane] = unchecked((uint)(seed >> (lane % 2 * 32)) + ((uint)lane * Factor));
        }
    }

    // Rows of one matrix are equally long, so zeros behind the last values make no two of them equal.
    private static void Rest(ReadOnlySpan<uint> words, Span<uint> rest)
    {
        rest.Clear();
        words[(words.Length / Lanes * Lanes)..].CopyTo(rest);
    }

    private static Vector256<uint> Step(Vector256<uint> lane, Vector256<uint> value)
    {
        var mixed = lane ^ (value * ValueFactor);
        return ((mixed << Rotation) | (mixed >>> (32 - Rotation))) * Factor;
    }

    private static uint Step(uint lane, uint value) => unchecked(BitOperations.RotateLeft(lane ^ (value * ValueFactor), Rotation) * Factor);
}
