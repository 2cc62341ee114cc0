using System.Runtime.InteropServices;
using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints.Gguf;

namespace Pedigree.Tests.Checkpoints.Quantised;

/// <summary>Stores a matrix as the tensors of a quantisation scheme, from codes, scales and zero points that the caller chooses, value by value from the scheme's definition.</summary>
internal sealed class QuantisedWriter
{
    private readonly List<(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Data)> tensors = [];

    public QuantisedWriter Add(string name, ElementType type, long[] shape, byte[] data)
    {
        tensors.Add((name, type, shape, data));
        return this;
    }

    public QuantisedWriter Floats(string name, ElementType type, long[] shape, params float[] values) => Add(name, type, shape, TestQuantiser.ElementBytes(type, values));

    public QuantisedWriter Words(string name, long[] shape, params uint[] values) => Add(name, ElementType.I32, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public QuantisedWriter Text(string name, string text) => Add(name, ElementType.U8, [text.Length], Encoding.ASCII.GetBytes(text));

    public string Write(TemporaryFolder folder)
    {
        SafetensorsWriter.Write(folder.Join("model.safetensors"), tensors);
        return folder.Path;
    }

    /// <summary>GPTQ: codes inputs × outputs, zero points and scales groups × outputs.</summary>
    public QuantisedWriter Gptq(string stem, int bits, int[,] codes, int[,] zeros, float[,] scales, uint[]? group, uint raised = 1)
    {
        var (inputs, outputs, groups) = (codes.GetLength(0), codes.GetLength(1), scales.GetLength(0));
        var words = new uint[inputs * bits / 32 * outputs];
        for (var k = 0; k < inputs; k++)
        {
            for (var n = 0; n < outputs; n++)
            {
                PutBits(words, (int at) => (at * outputs) + n, k * bits, (uint)codes[k, n], bits);
            }
        }

        var width = outputs * bits / 32;
        var points = new uint[groups * width];
        for (var g = 0; g < groups; g++)
        {
            for (var n = 0; n < outputs; n++)
            {
                var line = g * width;
                PutBits(points, at => line + at, n * bits, unchecked((uint)zeros[g, n] - raised) & ((1u << bits) - 1), bits);
            }
        }

        Words($"{stem}.qweight", [inputs * bits / 32, outputs], words).Words($"{stem}.qzeros", [groups, width], points)
            .Floats($"{stem}.scales", ElementType.F16, [groups, outputs], [.. scales.Cast<float>()]);
        return group is null ? this : Words($"{stem}.g_idx", [inputs], group);
    }

    /// <summary>AWQ: codes inputs × outputs, zero points and scales groups × outputs.</summary>
    public QuantisedWriter Awq(string stem, int[,] codes, int[,] zeros, float[,] scales) =>
        Words($"{stem}.qweight", [codes.GetLength(0), codes.GetLength(1) / 8], Eights(codes)).Words($"{stem}.qzeros", [zeros.GetLength(0), zeros.GetLength(1) / 8], Eights(zeros))
            .Floats($"{stem}.scales", ElementType.F16, [scales.GetLength(0), scales.GetLength(1)], [.. scales.Cast<float>()]);

    /// <summary>compressed-tensors: signed codes and zero points, outputs × inputs and outputs × groups.</summary>
    public QuantisedWriter Packed(string stem, int bits, int[,] codes, int[,]? zeros, float[,] scales)
    {
        var (outputs, inputs, groups, half, each) = (codes.GetLength(0), codes.GetLength(1), scales.GetLength(1), 1 << (bits - 1), 32 / bits);
        var width = (inputs + each - 1) / each;
        var words = new uint[outputs * width];
        for (var n = 0; n < outputs; n++)
        {
            for (var k = 0; k < inputs; k++)
            {
                words[(n * width) + (k / each)] |= (uint)(codes[n, k] + half) << (bits * (k % each));
            }
        }

        Words($"{stem}.weight_packed", [outputs, width], words).Floats($"{stem}.weight_scale", ElementType.BF16, [outputs, groups], [.. scales.Cast<float>()])
            .Add($"{stem}.weight_shape", ElementType.I64, [2], MemoryMarshal.AsBytes<long>(new[] { (long)outputs, inputs }).ToArray());
        if (zeros is not null)
        {
            var points = new uint[(outputs + each - 1) / each * groups];
            for (var n = 0; n < outputs; n++)
            {
                for (var g = 0; g < groups; g++)
                {
                    points[(n / each * groups) + g] |= (uint)(zeros[n, g] + half) << (bits * (n % each));
                }
            }

            Words($"{stem}.weight_zero_point", [(outputs + each - 1) / each, groups], points);
        }

        return this;
    }

    private static uint[] Eights(int[,] codes)
    {
        // Nibble j of a word belongs to the output at Order[j].
        ReadOnlySpan<int> order = [0, 2, 4, 6, 1, 3, 5, 7];
        var (lines, outputs) = (codes.GetLength(0), codes.GetLength(1));
        var words = new uint[lines * outputs / 8];
        for (var line = 0; line < lines; line++)
        {
            for (var word = 0; word < outputs / 8; word++)
            {
                for (var j = 0; j < 8; j++)
                {
                    words[(line * outputs / 8) + word] |= (uint)codes[line, (8 * word) + order[j]] << (4 * j);
                }
            }
        }

        return words;
    }

    private static void PutBits(uint[] words, Func<int, int> place, int bit, uint code, int bits)
    {
        for (var i = 0; i < bits; i++)
        {
            words[place((bit + i) / 32)] |= ((code >> i) & 1) << ((bit + i) % 32);
        }
    }
}
