using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Tests.Checkpoints.Pickles;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Torch;

public sealed class TorchFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ElementType.F32, "zip")]
    [InlineData(ElementType.F16, "zip")]
    [InlineData(ElementType.BF16, "zip")]
    [InlineData(ElementType.F32, "legacy")]
    [InlineData(ElementType.BF16, "legacy")]
    [InlineData(ElementType.F32, "tar")]
    public void A_trained_model_is_identical_in_every_format(ElementType type, string format)
    {
        using var sample = Checkpoint.Open(Sample("A1"));
        var tensors = TorchFile.Load(sample, type);
        var plain = folder.Join("plain.safetensors");
        SafetensorsWriter.Write(plain, [.. tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Shape.ToArray(), (ReadOnlyMemory<byte>)tensor.Bytes))]);
        var torch = folder.Write("pytorch_model.bin", format switch
        {
            "zip" => TorchFile.Zip(tensors),
            "legacy" => TorchFile.Legacy(tensors),
            _ => TorchFile.Tar(tensors),
        });

        var report = Comparison.Run(new ComparisonRequest(torch, [plain]) { Full = true }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal("identical", report.Results[0].Verdict.Relation);
        using var one = Checkpoint.Open(torch);
        using var two = Checkpoint.Open(plain);
        Assert.Equal(Digest(two), Digest(one));
    }

    [Fact]
    public void The_format_changes_no_verdict_and_no_figure()
    {
        using var sample = Checkpoint.Open(Sample("A1"));
        var torch = folder.Write("pytorch_model.bin", TorchFile.Zip(TorchFile.Load(sample)));
        foreach (var suspect in new[] { "A2", "ft" })
        {
            var plain = Comparison.Run(new ComparisonRequest(Sample(suspect), [Sample("A1")]), cancellation: TestContext.Current.CancellationToken).Results[0];
            var other = Comparison.Run(new ComparisonRequest(Sample(suspect), [torch]), cancellation: TestContext.Current.CancellationToken).Results[0];

            Assert.Equal(plain.Verdict.Relation, other.Verdict.Relation);
            Assert.Equal(plain.Verdict.Log10P, other.Verdict.Log10P);
        }
    }

    [Fact]
    public void Shards_with_an_index_are_one_checkpoint()
    {
        TorchSample[] tensors = [new("module.a.weight", ElementType.F32, [2, 3], Samples.Bytes(24).ToArray()), new("module.b", ElementType.F16, [5], Samples.Bytes(10).ToArray())];
        folder.Write("pytorch_model-00001-of-00002.bin", TorchFile.Zip(tensors[..1]));
        folder.Write("pytorch_model-00002-of-00002.bin", TorchFile.Legacy(tensors[1..]));
        folder.Write(
            "pytorch_model.bin.index.json", """{"weight_map":{"module.a.weight":"pytorch_model-00001-of-00002.bin","module.b":"pytorch_model-00002-of-00002.bin"}}"""u8);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(["a.weight", "b"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(tensors[1].Bytes, Read(source, source.Tensors[1]));
        Assert.Equal(source.TotalBytes, source.Tensors.Sum(tensor => tensor.Length));
    }

    [Fact]
    public void In_a_folder_the_usual_name_is_meant()
    {
        folder.Write("pytorch_model.bin", TorchFile.Zip([new("w", ElementType.F32, [1], new byte[4])]));
        folder.Write("training_args.bin", TorchFile.Archive(new PickleBytes().Global("transformers", "TrainingArguments").Code(')').Raw(0x81).Stop()).ToArray());
        folder.Write("optimizer.pt", TorchFile.Zip([new("state", ElementType.F32, [1], new byte[4])]));

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal("w", source.Tensors.Single().Name);
    }

    [Theory]
    [InlineData("state_dict", "module.")]
    [InlineData("model", "_orig_mod.")]
    [InlineData("model_state_dict", "module._orig_mod.")]
    [InlineData("unknown", "")]
    public void Usual_keys_and_prefixes_are_taken_off(string key, string prefix)
    {
        TorchSample[] tensors = [new(prefix + "a", ElementType.F32, [1], Samples.Bytes(4).ToArray()), new(prefix + "b", ElementType.F32, [1], Samples.Bytes(4).ToArray())];
        using var source = Checkpoint.Open(folder.Write("c.pt", TorchFile.Zip(tensors, key)));

        Assert.Equal(key is "unknown" ? ["unknown.a", "unknown.b"] : ["a", "b"], source.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Strides_starts_and_shared_storages_are_honoured()
    {
        // One storage of 2 × 3 floats 0 to 5: its transpose, its second row, and the storage under a second name.
        var pickle = new PickleBytes().Code('}').Mark()
            .Text("transposed").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("row").Tensor("FloatStorage", "0", 6, 3, [3], [1])
            .Text("tied").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])
            .Text("scalar").Tensor("FloatStorage", "0", 6, 4, [], [])
            .Text("repeated").Tensor("FloatStorage", "0", 6, 5, [2, 2], [0, 0])
            .Text("none").Tensor("FloatStorage", "0", 6, 6, [0, 7], [7, 1])
            .Code('u').Stop();
        using var source = Open(TorchFile.Archive(pickle).Add("archive/data/0", Floats(0, 1, 2, 3, 4, 5)));

        AssertValues(source, "transposed", 0, 3, 1, 4, 2, 5);
        AssertValues(source, "row", 3, 4, 5);
        AssertValues(source, "tied", 0, 1, 2, 3, 4, 5);
        AssertValues(source, "scalar", 4);
        AssertValues(source, "repeated", 5, 5, 5, 5);
        AssertValues(source, "none");
        Assert.Equal("F32 strided", source.Tensors.Single(tensor => tensor.Name == "transposed").Encoding);
        Assert.Null(source.Tensors.Single(tensor => tensor.Name == "tied").Encoding);
    }

    [Fact]
    public void The_byte_order_record_is_honoured()
    {
        var pickle = new PickleBytes().Code('}').Mark().Text("w").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Text("b").Tensor("BoolStorage", "1", 2, 0, [2], [1]).Code('u').Stop();
        using var source = Open(TorchFile.Archive(pickle).Add("archive/byteorder", "big"u8).Add("archive/data/0", [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0]).Add("archive/data/1", [0, 1]));

        AssertValues(source, "w", 1, 2);
        AssertValues(source, "b", 0, 1);
        Assert.Contains("'middle'", Refused(TorchFile.Archive(pickle).Add("archive/byteorder", "middle"u8).Add("archive/data/0", new byte[8]).Add("archive/data/1", [0, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_state_and_foreign_objects_are_left_out_and_reported()
    {
        var pickle = new PickleBytes().Code('}').Mark()
            .Text("model").OrderedDictionary().Mark().Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Code('u')
            .Text("optimizer").Code('}').Text("exp_avg").Tensor("FloatStorage", "1", 1, 0, [1], [1]).Code('s')
            .Text("args").Global("argparse", "Namespace").Code(')').Raw(0x81).Code('}').Text("lr").Number(1).Code('s').Code('b')
            .Text("hook").Global("os", "system").Text("true").Raw(0x85).Code('R')
            .Code('u').Stop();
        using var source = Open(TorchFile.Archive(pickle).Add("archive/data/0", new byte[4]).Add("archive/data/1", new byte[4]));

        Assert.Equal(["w"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Contains("'optimizer' (1 tensor)", source.Findings.Single(finding => finding.Id == "skipped-training-state").Text, StringComparison.Ordinal);
        var imports = source.Findings.Single(finding => finding.Id == "pickle-imports").Text;
        Assert.Matches(@"'argparse\.Namespace' \(byte [0-9]+\), 'os\.system' \(byte [0-9]+\)", imports);
        var at = int.Parse(System.Text.RegularExpressions.Regex.Match(imports, @"'os\.system' \(byte ([0-9]+)\)").Groups[1].Value);
        Assert.Equal("cos\n"u8, pickle.AsSpan(at, 4));
    }

    [Fact]
    public void The_weights_of_a_whole_module_are_found()
    {
        var pickle = new PickleBytes().Global("net", "Model").Code(')').Raw(0x81).Code('}').Mark()
            .Text("training").Raw(0x88)
            .Text("_parameters").OrderedDictionary().Mark().Text("scale").Tensor("FloatStorage", "0", 3, 0, [1], [1], isParameter: true).Code('u')
            .Text("_buffers").OrderedDictionary()
            .Text("_modules").OrderedDictionary().Mark().Text("layer").Global("torch.nn.modules.linear", "Linear").Code(')').Raw(0x81).Code('}').Mark()
            .Text("_parameters").OrderedDictionary().Mark().Text("weight").Tensor("FloatStorage", "0", 3, 1, [2, 1], [1, 1]).Text("bias").Code('N').Code('u').Code('u').Code('b')
            .Code('u').Code('u').Code('b').Stop();
        using var source = Open(TorchFile.Archive(pickle).Add("archive/data/0", Floats(7, 8, 9)));

        Assert.Equal(["layer.weight", "scale"], source.Tensors.Select(tensor => tensor.Name));
        AssertValues(source, "layer.weight", 8, 9);
        Assert.Contains("net.Model", source.Findings.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_made_in_an_unknown_way_is_refused_by_name_and_place()
    {
        var pickle = new PickleBytes().Code('}').Text("w").Global("torch._utils", "_rebuild_qtensor").Mark().Code('t').Code('R').Code('s').Stop();

        var fault = Refused(TorchFile.Archive(pickle));

        Assert.Equal("w", fault.Tensor);
        Assert.Contains("'torch._utils._rebuild_qtensor' (byte 9)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0L, 3L, 1L, "more elements")]
    [InlineData(4, 2L, 3L, 1L, "past the end")]
    [InlineData(4, -1L, 1L, 1L, "begins before")]
    [InlineData(4, 0L, -2L, 1L, "negative dimension")]
    [InlineData(4, 0L, 2L, -1L, "negative stride")]
    [InlineData(4, 0L, 1L << 60, 0L, "more elements")]
    [InlineData(4, 0L, 2L, 1L << 62, "past the end")]
    [InlineData(4, 1L << 62, 1L, 1L, "past the end")]
    [InlineData(4, 5L, 0L, 1L, "past the end")]
    [InlineData(5, 0L, 1L, 1L, "the file holds 16 bytes")]
    [InlineData(-1, 0L, 1L, 1L, "the file holds 16 bytes")]
    public void A_tensor_outside_its_storage_is_refused(int count, long start, long length, long stride, string expected)
    {
        var pickle = new PickleBytes().Code('}').Text("w").Tensor("FloatStorage", "0", count, start, [length], [stride]).Code('s').Stop();

        Assert.Contains(expected, Refused(TorchFile.Archive(pickle).Add("archive/data/0", new byte[16])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_storage_is_refused_and_an_absent_one_too()
    {
        var pickle = new PickleBytes().Code('}').Text("w").Tensor("FloatStorage", "0", 1000, 0, [1000], [1]).Code('s').Stop();

        Assert.Contains("is packed", Refused(TorchFile.Archive(pickle).Add("archive/data/0", new byte[4000], deflated: true)).Message, StringComparison.Ordinal);
        Assert.Contains("does not hold", Refused(TorchFile.Archive(pickle)).Message, StringComparison.Ordinal);
    }

    private static string Sample(string name) => SharedData.InRepository(Path.Combine("samples", name));

    private ITensorSource Open(Archives.ZipFile zip) => Checkpoint.Open(folder.Write("c.pt", zip.ToArray()));

    private CheckpointException Refused(Archives.ZipFile zip) => Assert.Throws<CheckpointException>(() => Open(zip));

    private static byte[] Floats(params ReadOnlySpan<float> values)
    {
        var bytes = new byte[4 * values.Length];
        ElementEncoder.Encode(ElementType.F32, values, bytes);
        return bytes;
    }

    private static byte[] Read(ITensorSource source, StoredTensor tensor)
    {
        var bytes = new byte[tensor.Length];
        source.Read(tensor, 0, bytes);
        return bytes;
    }

    private static void AssertValues(ITensorSource source, string name, params float[] expected)
    {
        var tensor = source.Tensors.Single(tensor => tensor.Name == name);
        var values = new float[tensor.Count];
        ElementDecoder.Decode(tensor.Type, Read(source, tensor), values);
        Assert.Equal(expected, values);
    }

    private static string Digest(ITensorSource source) => ContentDigest.Compute(source, AnatomyReader.Read(source), cancellation: TestContext.Current.CancellationToken).Model;
}
