using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Stores values in any type that is read from GGUF files.</summary>
internal static class TestQuantiser
{
    /// <summary>All types with their numbers.</summary>
    public static IReadOnlyDictionary<string, uint> Numbers { get; } = Enumerable.Range(0, 64)
        .Where(number => GgufType.Find((uint)number) is { IsRead: true })
        .ToDictionary(number => GgufType.Find((uint)number)!.Name, number => (uint)number, StringComparer.Ordinal);

    /// <summary>The bytes of values in a type, little-endian.</summary>
    /// <param name="type">The format's name of the type.</param>
    /// <param name="values">Whole blocks.</param>
    public static byte[] Store(string type, float[] values)
    {
        var known = GgufType.Find(Numbers[type])!;
        if (known.Plain is { } plain)
        {
            return ElementBytes(plain, values);
        }

        var stored = new byte[values.Length / known.Values * known.Bytes];
        Parallel.For(0, values.Length / known.Values, i => Block(type, values[(i * known.Values)..((i + 1) * known.Values)]).CopyTo(stored, i * known.Bytes));
        return stored;
    }

    /// <summary>The bytes of values as plain elements.</summary>
    public static byte[] ElementBytes(ElementType type, float[] values)
    {
        var bytes = new byte[values.Length * type.Size()];
        ElementEncoder.Encode(type, values, bytes);
        return bytes;
    }

    /// <summary>The values that stored bytes stand for.</summary>
    public static float[] Values(string type, byte[] stored)
    {
        var known = GgufType.Find(Numbers[type])!;
        var values = new float[stored.Length / known.Bytes * known.Values];
        if (known.Plain is { } plain)
        {
            ElementDecoder.Decode(plain, stored, values);
        }
        else
        {
            known.Blocks!.Decode(stored, values);
        }

        return values;
    }

    private static byte[] Block(string type, float[] x) => type switch
    {
        "Q4_0" => SimpleQuantiser.Around(x, 4),
        "Q5_0" => SimpleQuantiser.Around(x, 5),
        "Q4_1" => SimpleQuantiser.Above(x, 4),
        "Q5_1" => SimpleQuantiser.Above(x, 5),
        "Q8_0" or "Q8_1" or "Q8_K" => SimpleQuantiser.Bytes(x, type),
        "Q2_K" => SuperBlockQuantiser.Q2(x),
        "Q3_K" => SuperBlockQuantiser.Q3(x),
        "Q4_K" => SuperBlockQuantiser.Q45(x, 4),
        "Q5_K" => SuperBlockQuantiser.Q45(x, 5),
        "Q6_K" => SuperBlockQuantiser.Q6(x),
        "IQ4_NL" => SimpleQuantiser.Levels(x),
        "IQ4_XS" => SuperBlockQuantiser.Iq4Xs(x),
        "MXFP4" => SimpleQuantiser.Microscaling(x),
        "NVFP4" => SimpleQuantiser.Nvidia(x),
        "TQ1_0" => SimpleQuantiser.Ternary(x, inDigits: true),
        "TQ2_0" => SimpleQuantiser.Ternary(x, inDigits: false),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no rule"),
    };
}
