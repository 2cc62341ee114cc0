using static Pedigree.Tests.Checkpoints.Gguf.SimpleQuantiser;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Packs 256 values into blocks whose groups have quantised scales. Scales come from the extremes of each group; the reference searches for better ones.</summary>
internal static class SuperBlockQuantiser
{
    /// <summary>Q2_K: groups of 16 above a minimum, scale and minimum of 4 bits.</summary>
    public static byte[] Q2(float[] x)
    {
        var (d, dmin, scales, minima, codes) = Above(x, 16, 3, 15);
        return [.. scales.Zip(minima, (scale, minimum) => (byte)(scale | (minimum << 4))), .. Quarters(codes), .. Half(d), .. Half(dmin)];
    }

    /// <summary>Q4_K and Q5_K: groups of 32 above a minimum, scale and minimum of 6 bits.</summary>
    public static byte[] Q45(float[] x, int bits)
    {
        var (d, dmin, scales, minima, codes) = Above(x, 32, (1 << bits) - 1, 63);
        var packed = new byte[12];
        for (var i = 0; i < 4; i++)
        {
            packed[i] = (byte)(scales[i] | ((scales[i + 4] >> 4) << 6));
            packed[i + 4] = (byte)(minima[i] | ((minima[i + 4] >> 4) << 6));
            packed[i + 8] = (byte)((scales[i + 4] & 15) | ((minima[i + 4] & 15) << 4));
        }

        byte[] fifth = bits == 4 ? [] : [.. Enumerable.Range(0, 32).Select(i => (byte)Enumerable.Range(0, 8).Sum(run => (codes[(32 * run) + i] >> 4) << run))];
        byte[] low = [.. Enumerable.Range(0, 4).SelectMany(pair => Nibbles(codes[(64 * pair)..(64 * (pair + 1))]))];
        return [.. Half(d), .. Half(dmin), .. packed, .. fifth, .. low];
    }

    /// <summary>Q3_K: groups of 16 around zero, scale of 6 bits.</summary>
    public static byte[] Q3(float[] x)
    {
        var (d, scales, codes) = Around(x, 16, 4, 32);
        var packed = new byte[12];
        for (var i = 0; i < 16; i++)
        {
            var scale = scales[i] + 32;
            packed[i % 8] |= (byte)((scale & 15) << (4 * (i / 8)));
            packed[8 + (i % 4)] |= (byte)((scale >> 4) << (2 * (i / 4)));
        }

        var third = Enumerable.Range(0, 32).Select(i => (byte)Enumerable.Range(0, 8).Sum(run => ((codes[(32 * run) + i] >> 2) & 1) << run));
        return [.. third, .. Quarters(codes), .. packed, .. Half(d)];
    }

    /// <summary>Q6_K: groups of 16 around zero, scale of 8 bits.</summary>
    public static byte[] Q6(float[] x)
    {
        var (d, scales, codes) = Around(x, 16, 32, 128);
        var (low, high) = (new byte[128], new byte[64]);
        for (var i = 0; i < 256; i++)
        {
            var (half, run, at) = (i / 128, i / 32 % 4, i % 32);
            low[(64 * half) + (32 * (run % 2)) + at] |= (byte)((codes[i] & 15) << (4 * (run / 2)));
            high[(32 * half) + at] |= (byte)((codes[i] >> 4) << (2 * run));
        }

        return [.. low, .. high, .. scales.Select(scale => unchecked((byte)scale)), .. Half(d)];
    }

    /// <summary>IQ4_XS: groups of 32 on the levels of IQ4_NL, scale of 6 bits.</summary>
    public static byte[] Iq4Xs(float[] x)
    {
        var groups = x.Chunk(32).Select(run => Levels(run, NonLinearLevels)).ToArray();
        var d = groups.Max(group => Math.Abs(group.Scale)) / 31;
        var scales = groups.Select(group => d == 0 ? 0 : (int)MathF.Round(group.Scale / d)).ToArray();
        var upper = scales.Select((scale, i) => ((scale + 32) >> 4) << (2 * i)).Sum();
        var lower = Enumerable.Range(0, 4).Select(i => (byte)(((scales[2 * i] + 32) & 15) | (((scales[(2 * i) + 1] + 32) & 15) << 4)));
        return [.. Half(d), .. BitConverter.GetBytes((ushort)upper), .. lower, .. groups.SelectMany(group => Nibbles(group.Codes))];
    }

    private static (float D, float DMin, int[] Scales, int[] Minima, int[] Codes) Above(float[] x, int group, int most, int greatest)
    {
        var runs = x.Chunk(group).ToArray();
        var least = runs.Select(run => Math.Max(0, -run.Min())).ToArray();
        var steps = runs.Select((run, i) => (Math.Max(0, run.Max()) + least[i]) / most).ToArray();
        var (d, dmin) = (Rounded(steps.Max() / greatest), Rounded(least.Max() / greatest));
        var scales = steps.Select(step => Code(d == 0 ? 0 : step / d, greatest)).ToArray();
        var minima = least.Select(minimum => Code(dmin == 0 ? 0 : minimum / dmin, greatest)).ToArray();
        int[] codes = [.. runs.SelectMany((run, i) => run.Select(value => scales[i] == 0 ? 0 : Code((value + (dmin * minima[i])) / (d * scales[i]), most)))];
        return (d, dmin, scales, minima, codes);
    }

    private static (float D, int[] Scales, int[] Codes) Around(float[] x, int group, int zero, int greatest)
    {
        var runs = x.Chunk(group).ToArray();
        var steps = runs.Select(run => run.MaxBy(Math.Abs) / -zero).ToArray();
        var d = Rounded(steps.MaxBy(Math.Abs) / -greatest);
        var scales = steps.Select(step => d == 0 ? 0 : (int)Math.Clamp(MathF.Round(step / d), -greatest, greatest - 1)).ToArray();
        int[] codes = [.. runs.SelectMany((run, i) => run.Select(value => scales[i] == 0 ? zero : Code((value / (d * scales[i])) + zero, (2 * zero) - 1)))];
        return (d, scales, codes);
    }

    private static float Rounded(float value) => (float)(System.Half)value;
}
