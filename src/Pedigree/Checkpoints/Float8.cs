namespace Pedigree.Checkpoints;

/// <summary>The values of the 8-bit float formats, computed from their definition (OCP 8-bit Floating Point Specification, revision 1.0; for scales OCP Microscaling Formats specification 1.0).</summary>
internal static class Float8
{
    private static readonly float[] Finite = Tabulate(exponentBits: 4, mantissaBits: 3, hasInfinity: false);
    private static readonly float[] WithInfinity = Tabulate(exponentBits: 5, mantissaBits: 2, hasInfinity: true);
    private static readonly float[] Powers = [.. Enumerable.Range(0, 255).Select(code => MathF.ScaleB(1, code - 127)), float.NaN];

    /// <summary>Value of each of the 256 codes of E4M3: no infinity, and NaN only where all bits but the sign are set.</summary>
    public static ReadOnlySpan<float> E4M3 => Finite;

    /// <summary>Value of each of the 256 codes of E5M2: infinities and NaNs under the top exponent, as in binary16.</summary>
    public static ReadOnlySpan<float> E5M2 => WithInfinity;

    /// <summary>Value of each of the 256 codes of E8M0: 2 to the code less 127, and NaN for the last.</summary>
    public static ReadOnlySpan<float> E8M0 => Powers;

    /// <summary>The code of the power of two nearest to a value; ties go to the even code. What is not above 0, or too large, becomes NaN.</summary>
    public static byte EncodePower(float value)
    {
        if (!(value > 0) || value > float.MaxValue)
        {
            return 0xFF;
        }

        // The power below it; the one above is nearer past one and a half times that.
        var code = Math.Max(0, Math.ILogB(value) + 127);
        var (below, middle) = ((double)value, 1.5 * MathF.ScaleB(1, code - 127));
        return (byte)(below > middle || (below == middle && (code & 1) == 1) ? code + 1 : code);
    }

    /// <summary>The code nearest to a value; ties go to the even code. Too large a value becomes infinity, or NaN in E4M3 which has none.</summary>
    /// <param name="table">The table of E4M3 or E5M2.</param>
    /// <param name="value">The value to encode.</param>
    public static byte Encode(ReadOnlySpan<float> table, float value)
    {
        var sign = float.IsNegative(value) ? 0x80 : 0;
        if (float.IsNaN(value))
        {
            return (byte)(sign | 0x7F);
        }

        // Positive codes ascend with their value, so the first code that is no finite number ends the search range.
        var magnitude = (double)Math.Abs(value);
        var overflow = float.IsNaN(table[0x7E]) ? 0x7C : 0x7F;
        int below = 0, above = overflow;
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            if (table[middle] <= magnitude)
            {
                below = middle;
            }
            else
            {
                above = middle;
            }
        }

        // Past the greatest finite number, rounding acts as if the next step of the same size existed.
        var upper = above == overflow ? (2.0 * table[below]) - table[below - 1] : table[above];
        var centre = (table[below] + upper) / 2;
        var up = magnitude > centre || (magnitude == centre && (below & 1) == 1);
        return (byte)(sign | (up ? above : below));
    }

    private static float[] Tabulate(int exponentBits, int mantissaBits, bool hasInfinity)
    {
        var bias = (1 << (exponentBits - 1)) - 1;
        var topExponent = (1 << exponentBits) - 1;
        var steps = 1 << mantissaBits;
        var table = new float[256];
        for (var code = 0; code < 256; code++)
        {
            var exponent = (code >> mantissaBits) & topExponent;
            var mantissa = code & (steps - 1);
            var magnitude = exponent == 0
                ? MathF.ScaleB(mantissa, 1 - bias - mantissaBits)
                : MathF.ScaleB(steps + mantissa, exponent - bias - mantissaBits);
            if (exponent == topExponent)
            {
                magnitude = hasInfinity switch
                {
                    true => mantissa == 0 ? float.PositiveInfinity : float.NaN,
                    false => mantissa == steps - 1 ? float.NaN : magnitude,
                };
            }

            table[code] = code < 128 ? magnitude : -magnitude;
        }

        return table;
    }
}
