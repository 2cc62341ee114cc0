using System.Buffers.Binary;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Packs values into blocks of one scale by the rules of the reference quantiser of ggml, value by value.</summary>
internal static class SimpleQuantiser
{
    private static readonly int[] NonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    private static readonly float[] E2M1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>Four or five bits around zero: Q4_0, Q5_0.</summary>
    public static byte[] Around(float[] x, int bits)
    {
        var zero = 1 << (bits - 1);
        var extreme = x.MaxBy(Math.Abs);
        var d = extreme / -zero;
        var codes = x.Select(value => Code(d == 0 ? zero : (value / d) + zero, (2 * zero) - 1)).ToArray();
        return [.. Half(d), .. bits == 5 ? FifthBits(codes) : [], .. Nibbles(codes)];
    }

    /// <summary>Four or five bits above a minimum: Q4_1, Q5_1.</summary>
    public static byte[] Above(float[] x, int bits)
    {
        var (least, most) = (x.Min(), (1 << bits) - 1);
        var d = (x.Max() - least) / most;
        var codes = x.Select(value => Code(d == 0 ? 0 : (value - least) / d, most)).ToArray();
        return [.. Half(d), .. Half(least), .. bits == 5 ? FifthBits(codes) : [], .. Nibbles(codes)];
    }

    /// <summary>Signed bytes: Q8_0; Q8_1 with the sum; Q8_K with a scale of 32 bits and sums of sixteen.</summary>
    public static byte[] Bytes(float[] x, string type)
    {
        var d = x.Max(Math.Abs) / 127;
        var codes = x.Select(value => d == 0 ? 0 : (int)MathF.Round(value / d, MidpointRounding.AwayFromZero)).ToArray();
        var bytes = codes.Select(code => unchecked((byte)code)).ToArray();
        if (type is "Q8_K")
        {
            var wide = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(wide, d);
            return [.. wide, .. bytes, .. codes.Chunk(16).SelectMany(chunk => BitConverter.GetBytes((short)chunk.Sum()))];
        }

        return [.. Half(d), .. type is "Q8_1" ? Half(d * codes.Sum()) : [], .. bytes];
    }

    /// <summary>The level of a codebook, and the scale of the extreme value on it that leaves the least error: IQ4_NL.</summary>
    public static byte[] Levels(float[] x)
    {
        var (d, codes) = Levels(x, NonLinear);
        return [.. Half(d), .. Nibbles(codes)];
    }

    /// <summary>Scale and codes of a codebook.</summary>
    public static (float Scale, int[] Codes) Levels(float[] x, int[] levels)
    {
        (float Scale, int[] Codes, double Error) best = (0, new int[x.Length], double.MaxValue);
        var extreme = x.MaxBy(Math.Abs);
        for (var top = -140; top <= -90; top += 2)
        {
            var d = extreme / top;
            var codes = x.Select(value => d == 0 ? 8 : Nearest(value / d, levels)).ToArray();
            var error = x.Zip(codes).Sum(pair => Math.Pow(pair.First - (d * levels[pair.Second]), 2));
            best = error < best.Error ? (d, codes, error) : best;
        }

        return (best.Scale, best.Codes);
    }

    /// <summary>IQ4_NL's levels.</summary>
    public static int[] NonLinearLevels => NonLinear;

    /// <summary>MXFP4: the power of two that takes the largest value to between 4 and 8.</summary>
    public static byte[] Microscaling(float[] x)
    {
        var largest = x.Max(Math.Abs);
        var exponent = largest > 0 ? (int)Math.Floor(Math.Log2(largest)) - 2 : -127;
        var codes = x.Select(value => Nearest(MathF.ScaleB(value, -exponent), E2M1)).ToArray();
        return [(byte)(exponent + 127), .. Nibbles(codes)];
    }

    /// <summary>NVFP4: a scale of E4M3 that takes the largest of sixteen values to 6.</summary>
    public static byte[] Nvidia(float[] x)
    {
        var scales = x.Chunk(16).Select(run => Pedigree.Checkpoints.Float8.Encode(Pedigree.Checkpoints.Float8.E4M3, Math.Min(448, run.Max(Math.Abs) / 6))).ToArray();
        var codes = x.Chunk(16).Zip(scales).Select(pair =>
        {
            var scale = Pedigree.Checkpoints.Float8.E4M3[pair.Second];
            return pair.First.Select(value => scale == 0 ? 0 : Nearest(value / scale, E2M1)).ToArray();
        });
        return [.. scales, .. codes.SelectMany(Nibbles)];
    }

    /// <summary>Three levels: TQ1_0, TQ2_0.</summary>
    public static byte[] Ternary(float[] x, bool inDigits)
    {
        var d = x.Max(Math.Abs);
        var codes = x.Select(value => d == 0 ? 1 : (int)MathF.Round(value / d, MidpointRounding.AwayFromZero) + 1).ToArray();
        return inDigits
            ? [.. Digits(codes[..160], 32), .. Digits(codes[160..240], 16), .. Digits(codes[240..], 4), .. Half(d)]
            : [.. Quarters(codes), .. Half(d)];
    }

    /// <summary>Two halves of four bits: value i low, value i + half high.</summary>
    public static byte[] Nibbles(int[] codes)
    {
        var half = codes.Length / 2;
        return [.. Enumerable.Range(0, half).Select(i => (byte)((codes[i] & 15) | ((codes[i + half] & 15) << 4)))];
    }

    /// <summary>256 codes of two bits, a byte for values 32 apart.</summary>
    public static byte[] Quarters(int[] codes) =>
        [.. Enumerable.Range(0, 64).Select(i => (byte)Enumerable.Range(0, 4).Sum(run => (codes[(128 * (i / 32)) + (32 * run) + (i % 32)] & 3) << (2 * run)))];

    /// <summary>A binary16.</summary>
    public static byte[] Half(float value) => BitConverter.GetBytes((System.Half)value);

    /// <summary>The nearest whole number from 0 to a greatest.</summary>
    public static int Code(float value, int most) => (int)Math.Clamp(MathF.Floor(value + 0.5f), 0, most);

    /// <summary>Bits 4 of all codes, the first in the lowest bit.</summary>
    private static byte[] FifthBits(int[] codes) => BitConverter.GetBytes(Enumerable.Range(0, 32).Aggregate(0u, (bits, i) => bits | ((uint)(codes[i] >> 4) << i)));

    private static int Nearest(float value, int[] levels) => Nearest(value, Array.ConvertAll(levels, level => (float)level));

    private static int Nearest(float value, float[] levels) => Enumerable.Range(0, levels.Length).MinBy(i => Math.Abs(value - levels[i]));

    // Base-3 digits of the values that lie `apart`, as the number q/3^5 scaled to 256 and rounded up.
    private static byte[] Digits(int[] codes, int apart)
    {
        var count = codes.Length / apart;
        return [.. Enumerable.Range(0, apart).Select(i =>
        {
            var number = 0;
            for (var digit = 0; digit < 5; digit++)
            {
                number = (number * 3) + (digit < count ? codes[(digit * apart) + i] : 0);
            }

            return (byte)(((number * 256) + 242) / 243);
        })];
    }
}
