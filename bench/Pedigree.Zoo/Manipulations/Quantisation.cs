using Pedigree.Checkpoints;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Matrices stored in fewer bits and read back; vectors stay as they are.</summary>
internal static class Quantisation
{
    /// <summary>Through a floating storage type; those of 8 bits with one scale a tensor, so that the largest value is the type's largest.</summary>
    /// <param name="type">F16, BF16, F8E4M3 or F8E5M2.</param>
    public static Manipulation Through(ElementType type) => new($"stored:{type.ToString().ToLowerInvariant()}", (parent, _) => Matrices(parent, weights =>
    {
        var scale = type switch
        {
            ElementType.F8E4M3 => 448.0,
            ElementType.F8E5M2 => 57344.0,
            _ => 0,
        };
        var largest = Largest(weights.Values);
        var factor = scale == 0 || largest == 0 ? 1 : (float)(scale / largest);
        var scaled = weights.Copy().Map(value => value * factor);
        var bytes = new byte[scaled.Values.Length * type.Size()];
        ElementEncoder.Encode(type, scaled.Values, bytes);
        ElementDecoder.Decode(type, bytes, weights.Values);
        return weights.Map(value => value / factor);
    }));

    /// <summary>To integers with one scale for each group of values in a row, symmetric about zero, rounded to nearest.</summary>
    /// <param name="bits">Bits of an integer, 2 to 8.</param>
    /// <param name="group">Values that share a scale; 0 for a whole row.</param>
    public static Manipulation Integers(int bits, int group) => new($"int{bits}:{group}", (parent, _) => Matrices(parent, weights =>
    {
        var top = (1 << (bits - 1)) - 1;
        for (var row = 0; row < weights.Rows; row++)
        {
            var values = weights.Row(row);
            var length = group == 0 ? values.Length : group;
            for (var first = 0; first < values.Length; first += length)
            {
                var part = values.Slice(first, Math.Min(length, values.Length - first));
                var scale = Largest(part) / top;
                foreach (ref var value in scale == 0 ? default : part)
                {
                    value = (float)(Math.Round(value / scale) * scale);
                }
            }
        }

        return weights;
    }));

    private static double Largest(ReadOnlySpan<float> values)
    {
        var largest = 0.0f;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static Derivation Matrices(DecoderModel parent, Func<Weights, Weights> change) => new(
        parent.Map((name, weights) => weights.Rows > 1 ? change(weights) : weights),
        Truth.Identity(parent.Shape) with { KeepsFunction = false });
}
