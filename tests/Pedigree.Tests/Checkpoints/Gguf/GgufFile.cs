using System.Buffers.Binary;
using System.Text;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Writes GGUF files for tests, of any version and byte order.</summary>
internal sealed class GgufFile
{
    private readonly List<byte> header = [];
    private readonly List<(string Name, uint Type, long[] Shape, byte[] Data, (int Bytes, int[] Words) Swap)> tensors = [];
    private int keys;

    public uint Version { get; init; } = 3;

    public bool BigEndian { get; init; }

    /// <summary>Writes the magic reversed too, as newer writers of big-endian files do.</summary>
    public bool ReversedMagic { get; init; }

    public int Alignment { get; init; } = 32;

    public GgufFile Text(string key, string value)
    {
        Key(key, 8);
        Text(header, Encoding.UTF8.GetBytes(value));
        return this;
    }

    public GgufFile Number(string key, uint value)
    {
        Key(key, 4);
        Word(header, value);
        return this;
    }

    public GgufFile Texts(string key, params IReadOnlyList<string> values)
    {
        Key(key, 9);
        Word(header, 8);
        Count(header, values.Count);
        foreach (var value in values)
        {
            Text(header, Encoding.UTF8.GetBytes(value));
        }

        return this;
    }

    public GgufFile Numbers(string key, params IReadOnlyList<uint> values)
    {
        Key(key, 9);
        Word(header, 4);
        Count(header, values.Count);
        foreach (var value in values)
        {
            Word(header, value);
        }

        return this;
    }

    public GgufFile Integers(string key, params IReadOnlyList<int> values)
    {
        Key(key, 9);
        Word(header, 5);
        Count(header, values.Count);
        foreach (var value in values)
        {
            Word(header, unchecked((uint)value));
        }

        return this;
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Number of its type.</param>
    /// <param name="shape">Dimensions, slowest first.</param>
    /// <param name="data">Its bytes, little-endian.</param>
    /// <param name="unit">Bytes of an element or block, and offsets and sizes by turns of the words in it, which a big-endian file reverses.</param>
    public GgufFile Tensor(string name, uint type, long[] shape, byte[] data, (int Bytes, int[] Words) unit = default)
    {
        tensors.Add((name, type, shape, data, unit));
        return this;
    }

    public byte[] ToArray()
    {
        var file = new List<byte>();
        file.AddRange(BigEndian && ReversedMagic ? "FUGG"u8 : "GGUF"u8);
        Word(file, Version);
        Count(file, tensors.Count);
        if (Alignment != 32)
        {
            Number("general.alignment", (uint)Alignment);
        }

        Count(file, keys);
        file.AddRange(header);
        var offset = 0L;
        foreach (var (name, type, shape, data, _) in tensors)
        {
            Text(file, Encoding.UTF8.GetBytes(name));
            Word(file, (uint)shape.Length);
            foreach (var size in shape.Reverse())
            {
                Count(file, size);
            }

            Word(file, type);
            Number(file, (ulong)offset, 8);
            offset += (data.Length + Alignment - 1) / Alignment * Alignment;
        }

        foreach (var (_, _, _, data, unit) in tensors)
        {
            Pad(file);
            file.AddRange(BigEndian ? Swapped(data, unit) : data);
        }

        Pad(file);
        return [.. file];
    }

    private static byte[] Swapped(byte[] data, (int Bytes, int[] Words) unit)
    {
        var swapped = data.ToArray();
        for (var at = 0; unit.Bytes > 0 && at < data.Length; at += unit.Bytes)
        {
            for (var word = 0; word < unit.Words.Length; word += 2)
            {
                swapped.AsSpan(at + unit.Words[word], unit.Words[word + 1]).Reverse();
            }
        }

        return swapped;
    }

    private void Pad(List<byte> file)
    {
        while (file.Count % Alignment != 0)
        {
            file.Add(0);
        }
    }

    private void Key(string key, uint type)
    {
        keys++;
        Text(header, Encoding.UTF8.GetBytes(key));
        Word(header, type);
    }

    private void Text(List<byte> to, byte[] text)
    {
        Count(to, text.Length);
        to.AddRange(text);
    }

    private void Count(List<byte> to, long count) => Number(to, (ulong)count, Version == 1 ? 4 : 8);

    private void Word(List<byte> to, uint value) => Number(to, value, 4);

    private void Number(List<byte> to, ulong value, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(all, value);
        var own = all[..bytes];
        if (BigEndian)
        {
            own.Reverse();
        }

        to.AddRange(own);
    }
}
