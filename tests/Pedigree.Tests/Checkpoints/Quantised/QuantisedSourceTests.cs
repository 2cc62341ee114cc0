using System.Runtime.InteropServices;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints.Gguf;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Quantised;

public sealed class QuantisedSourceTests : IDisposable
{
    private const string Stem = "model.layers.0.mlp.up_proj";

    private readonly TemporaryFolder folder = new();
    private readonly ulong seed = PlantedUnits.FreshSeed();
    private readonly Random random;

    public QuantisedSourceTests() => random = new Random(unchecked((int)seed));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2, false, false)]
    [InlineData(3, false, true)]
    [InlineData(4, false, false)]
    [InlineData(4, true, true)]
    [InlineData(8, true, false)]
    public void Gptq_reads_as_scale_times_code_minus_zero(int bits, bool withGroups, bool secondVersion)
    {
        var (inputs, outputs, groups) = (96, 64, 3);
        var codes = Codes(inputs, outputs, bits);
        var (zeros, scales) = (Codes(groups, outputs, bits), Scales(groups, outputs));
        var group = Enumerable.Range(0, inputs).Select(_ => (uint)random.Next(groups)).ToArray();
        if (secondVersion)
        {
            folder.Write("config.json", """{"quantization_config":{"quant_method":"gptq","checkpoint_format":"gptq_v2"}}"""u8);
        }

        var path = new QuantisedWriter().Gptq(Stem, bits, codes, zeros, scales, withGroups ? group : null, secondVersion ? 0u : 1u).Write(folder);

        AssertReads(path, $"GPTQ {bits}-bit", outputs, inputs, (n, k) =>
        {
            var g = withGroups ? (int)group[k] : k / (inputs / groups);
            return scales[g, n] * (codes[k, n] - zeros[g, n]);
        });
    }

    [Fact]
    public void Awq_reads_as_scale_times_code_minus_zero()
    {
        var (inputs, outputs, groups) = (64, 40, 2);
        var (codes, zeros, scales) = (Codes(inputs, outputs, 4), Codes(groups, outputs, 4), Scales(groups, outputs));

        var path = new QuantisedWriter().Awq(Stem, codes, zeros, scales).Write(folder);

        AssertReads(path, "AWQ 4-bit", outputs, inputs, (n, k) => scales[k / 32, n] * (codes[k, n] - zeros[k / 32, n]));
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    public void Packed_weights_read_as_scale_times_code_minus_zero(int bits, bool withZeros)
    {
        var (outputs, inputs, groups) = (21, 66, 3);
        var half = 1 << (bits - 1);
        var codes = Shifted(Codes(outputs, inputs, bits), half);
        var zeros = Shifted(Codes(outputs, groups, bits), half);
        var scales = Scales(outputs, groups);

        var path = new QuantisedWriter().Packed(Stem, bits, codes, withZeros ? zeros : null, scales).Write(folder);

        AssertReads(path, $"packed {bits}-bit", outputs, inputs, (n, k) => scales[n, k / 22] * (codes[n, k] - (withZeros ? zeros[n, k / 22] : 0)));
    }

    [Theory]
    [InlineData("nf4", false)]
    [InlineData("fp4", true)]
    public void Four_bits_of_bitsandbytes_read_as_level_times_scale(string kind, bool nested)
    {
        var (outputs, inputs, block) = (30, 50, 64);
        var map = Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var codes = Enumerable.Range(0, outputs * inputs).Select(_ => random.Next(16)).ToArray();
        var blocks = ((outputs * inputs) + block - 1) / block;
        var packed = codes.Chunk(2).Select(pair => (byte)((pair[0] << 4) | pair[1])).ToArray();
        var writer = new QuantisedWriter().Add($"{Stem}.weight", ElementType.U8, [packed.Length, 1], packed).Floats($"{Stem}.weight.quant_map", ElementType.F32, [16], map);
        float[] scales;
        if (nested)
        {
            var outer = Enumerable.Range(0, (blocks + 7) / 8).Select(_ => random.NextSingle()).ToArray();
            var nestedMap = Enumerable.Range(0, 256).Select(_ => random.NextSingle()).ToArray();
            var inner = Enumerable.Range(0, blocks).Select(_ => (byte)random.Next(256)).ToArray();
            scales = [.. inner.Select((code, i) => (nestedMap[code] * outer[i / 8]) + 0.125f)];
            writer.Add($"{Stem}.weight.absmax", ElementType.U8, [blocks], inner).Floats($"{Stem}.weight.nested_absmax", ElementType.F32, [outer.Length], outer)
                .Floats($"{Stem}.weight.nested_quant_map", ElementType.F32, [256], nestedMap);
        }
        else
        {
            scales = [.. Enumerable.Range(0, blocks).Select(_ => random.NextSingle())];
            writer.Floats($"{Stem}.weight.absmax", ElementType.F32, [blocks], scales);
        }

        writer.Text($"{Stem}.weight.quant_state.bitsandbytes__{kind}", $$"""{"quant_type":"{{kind}}","blocksize":64,"dtype":"bfloat16","shape":[30,50],"nested_blocksize":8,"nested_dtype":"float32","nested_offset":0.125}""");

        AssertReads(writer.Write(folder), kind.ToUpperInvariant(), outputs, inputs, (n, k) => map[codes[(n * inputs) + k]] * scales[((n * inputs) + k) / block]);
    }

    [Theory]
    [InlineData("_scale_inv", 2, 3, "FP8 E4M3, a scale for each 128 × 128")]
    [InlineData("_scale", 150, 1, "FP8 E4M3, a scale for each output")]
    [InlineData("_scale", 1, 1, "FP8 E4M3, one scale")]
    [InlineData(".scale", 2, 3, "FP8 E4M3, a scale for each 128 × 128")]
    public void Numbers_of_eight_bits_read_as_number_times_scale(string ending, int scaleRows, int scaleColumns, string encoding)
    {
        var (outputs, inputs) = (150, 300);
        var codes = Enumerable.Range(0, outputs * inputs).Select(_ => (byte)random.Next(0x7F)).ToArray();
        var scales = Scales(scaleRows, scaleColumns);
        var writer = new QuantisedWriter().Add($"{Stem}.weight", ElementType.F8E4M3, [outputs, inputs], codes);
        if (ending is ".scale")
        {
            // DeepSeek-V4: scales are powers of two and have the name of the module.
            var powers = Enumerable.Range(0, scaleRows * scaleColumns).Select(_ => (byte)random.Next(110, 130)).ToArray();
            scales = new float[scaleRows, scaleColumns];
            for (var i = 0; i < powers.Length; i++)
            {
                scales[i / scaleColumns, i % scaleColumns] = MathF.ScaleB(1, powers[i] - 127);
            }

            writer.Add($"{Stem}.scale", ElementType.F8E8M0, [scaleRows, scaleColumns], powers);
        }
        else
        {
            writer.Floats($"{Stem}.weight{ending}", ElementType.F32, [scaleRows, scaleColumns], [.. scales.Cast<float>()]);
        }

        var path = writer.Write(folder);

        var (down, across) = (scaleRows == outputs ? 1 : scaleRows == 1 ? outputs : 128, scaleColumns == 1 ? inputs : 128);
        AssertReads(path, encoding, outputs, inputs, (n, k) => Float8.E4M3[codes[(n * inputs) + k]] * scales[n / down, k / across]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whole_numbers_of_eight_bits_read_as_number_times_scale(bool ofBitsAndBytes)
    {
        var (outputs, inputs) = (12, 20);
        var codes = Enumerable.Range(0, outputs * inputs).Select(_ => (byte)random.Next(256)).ToArray();
        var scales = Scales(outputs, 1);
        var writer = new QuantisedWriter().Add($"{Stem}.weight", ElementType.I8, [outputs, inputs], codes);
        _ = ofBitsAndBytes
            ? writer.Floats($"{Stem}.SCB", ElementType.F32, [outputs], [.. scales.Cast<float>()]).Add($"{Stem}.weight_format", ElementType.U8, [], [0])
            : writer.Floats($"{Stem}.weight_scale", ElementType.F32, [outputs, 1], [.. scales.Cast<float>()]);

        AssertReads(writer.Write(folder), "INT8, a scale for each output", outputs, inputs, (n, k) =>
            unchecked((sbyte)codes[(n * inputs) + k]) * (ofBitsAndBytes ? scales[n, 0] * (1 / 127f) : scales[n, 0]));
    }

    [Theory]
    [InlineData("compressed-tensors")]
    [InlineData("ModelOpt")]
    [InlineData("MXFP4")]
    [InlineData("DeepSeek-V4")]
    public void Floats_of_four_bits_read_as_value_times_scale(string maker)
    {
        float[] values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];
        var inPowers = maker is "MXFP4" or "DeepSeek-V4";
        var (outputs, inputs, run) = (10, 64, inPowers ? 32 : 16);
        var codes = Enumerable.Range(0, outputs * inputs).Select(_ => random.Next(16)).ToArray();
        var packed = codes.Chunk(2).Select(pair => (byte)(pair[0] | (pair[1] << 4))).ToArray();
        var scales = Enumerable.Range(0, outputs * inputs / run).Select(_ => (byte)random.Next(1, 0x7F)).ToArray();
        var (name, codeType, scaleName, scaleType) = maker switch
        {
            "ModelOpt" => ("weight", ElementType.U8, "weight_scale", ElementType.F8E4M3),
            "MXFP4" => ("weight_packed", ElementType.U8, "weight_scale", ElementType.U8),
            "DeepSeek-V4" => ("weight", ElementType.I8, "scale", ElementType.F8E8M0),
            _ => ("weight_packed", ElementType.U8, "weight_scale", ElementType.F8E4M3),
        };
        var writer = new QuantisedWriter().Add($"{Stem}.{name}", codeType, [outputs, inputs / 2], packed).Add($"{Stem}.{scaleName}", scaleType, [outputs, inputs / run], scales);
        _ = maker switch
        {
            "compressed-tensors" => writer.Floats($"{Stem}.weight_global_scale", ElementType.F32, [1], 300),
            "ModelOpt" => writer.Floats($"{Stem}.weight_scale_2", ElementType.F32, [], 0.003f),
            _ => writer,
        };

        AssertReads(writer.Write(folder), inPowers ? "MXFP4" : "NVFP4", outputs, inputs, (n, k) =>
        {
            var code = scales[((n * inputs) + k) / run];
            return values[codes[(n * inputs) + k]] * maker switch
            {
                "compressed-tensors" => Float8.E4M3[code] / 300,
                "ModelOpt" => Float8.E4M3[code] * 0.003f,
                _ => MathF.ScaleB(1, code - 127),
            };
        });
    }

    [Fact]
    public void Experts_of_gpt_oss_read_as_a_stack()
    {
        var codes = Enumerable.Range(0, 2 * 6 * 2 * 16).Select(_ => (byte)random.Next(256)).ToArray();
        var scales = Enumerable.Range(0, 2 * 6 * 2).Select(_ => (byte)random.Next(120, 130)).ToArray();
        new QuantisedWriter().Add("model.layers.0.mlp.experts.gate_up_proj_blocks", ElementType.U8, [2, 6, 2, 16], codes)
            .Add("model.layers.0.mlp.experts.gate_up_proj_scales", ElementType.U8, [2, 6, 2], scales).Write(folder);

        using var source = Checkpoint.Open(folder.Path);
        var tensor = Assert.Single(source.Tensors);
        var values = LlamaConverter.Read(source, tensor);

        Assert.Equal("model.layers.0.mlp.experts.gate_up_proj", tensor.Name);
        Assert.Equal([2L, 6L, 64L], tensor.Shape.AsEnumerable());
        Assert.Equal(codes.Length + scales.Length, tensor.StoredLength);
        float[] levels = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];
        Assert.Equal(
            Enumerable.Range(0, values.Length).Select(i => levels[(codes[i / 2] >> (4 * (i % 2))) & 15] * MathF.ScaleB(1, scales[i / 32] - 127)), values);
    }

    [Fact]
    public void A_group_that_does_not_exist_is_refused_when_it_is_read()
    {
        var group = Enumerable.Repeat(7u, 96).ToArray();
        var path = new QuantisedWriter().Gptq(Stem, 4, Codes(96, 64, 4), Codes(3, 64, 4), Scales(3, 64), group).Write(folder);
        using var source = Checkpoint.Open(path);

        var fault = Assert.Throws<CheckpointException>(() => LlamaConverter.Read(source, source.Tensors[0]));

        Assert.Contains("into group 7 of 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_together_is_left_as_it_is()
    {
        new QuantisedWriter().Words("a.qweight", [4, 64], new uint[256]).Words("a.qzeros", [1, 8], new uint[8]).Floats("a.scales", ElementType.F16, [1, 63], new float[63])
            .Add("b.weight", ElementType.F8E4M3, [10, 10], new byte[100]).Floats("b.weight_scale_inv", ElementType.F32, [3, 3], new float[9])
            .Add("c.weight", ElementType.U8, [4, 1], new byte[4]).Text("c.weight.quant_state.bitsandbytes__nf4", "not json")
            .Add("d.weight_packed", ElementType.U8, [2, 16], new byte[32]).Add("d.weight_scale", ElementType.U8, [2, 3], new byte[6]).Write(folder);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(9, source.Tensors.Count);
        Assert.All(source.Tensors, tensor => Assert.Null(tensor.Encoding));
        Assert.Empty(source.Findings);
    }

    private void AssertReads(string path, string encoding, int outputs, int inputs, Func<int, int, float> expected)
    {
        using var source = Checkpoint.Open(path);
        var tensor = Assert.Single(source.Tensors);
        Assert.Equal($"{Stem}.weight", tensor.Name);
        Assert.Equal(encoding, tensor.Encoding);
        Assert.Equal(ElementType.F32, tensor.Type);
        Assert.Equal([outputs, inputs], tensor.Shape.Select(size => (int)size));
        Assert.Equal(source.TotalBytes, tensor.StoredLength);
        Assert.Contains(source.Findings, finding => finding.Id is "quantised-weights");
        var whole = MemoryMarshal.AsBytes(Enumerable.Range(0, outputs * inputs).Select(i => expected(i / inputs, i % inputs)).ToArray().AsSpan()).ToArray();
        var read = new byte[whole.Length];
        source.Read(tensor, 0, read);
        Assert.Equal(whole, read);
        for (var i = 0; i < 50; i++)
        {
            var first = random.Next(whole.Length);
            var part = new byte[random.Next(whole.Length - first + 1)];
            source.Read(tensor, first, part);
            Assert.Equal(whole.AsSpan(first, part.Length).ToArray(), part);
        }
    }

    private int[,] Codes(int rows, int columns, int bits)
    {
        var codes = new int[rows, columns];
        Fill(rows, columns, (row, column) => codes[row, column] = random.Next(1 << bits));
        return codes;
    }

    private float[,] Scales(int rows, int columns)
    {
        // Of few bits, so that they survive being stored in 16.
        var scales = new float[rows, columns];
        Fill(rows, columns, (row, column) => scales[row, column] = random.Next(1, 128) / 64f);
        return scales;
    }

    private static int[,] Shifted(int[,] codes, int by)
    {
        Fill(codes.GetLength(0), codes.GetLength(1), (row, column) => codes[row, column] -= by);
        return codes;
    }

    private static void Fill(int rows, int columns, Action<int, int> set)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                set(row, column);
            }
        }
    }
}
