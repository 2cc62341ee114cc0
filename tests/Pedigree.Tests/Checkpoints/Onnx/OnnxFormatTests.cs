using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Tests.Checkpoints.Torch;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Onnx;

public sealed class OnnxFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Values_are_found_in_every_field_that_may_hold_them()
    {
        var graph = new OnnxFile()
            .Message(5, OnnxFile.Tensor("raw", 1, 2).Run(9, Floats(1, 2)))
            .Message(5, OnnxFile.Tensor("floats", 1, 2).Run(4, Floats(3, 4)))
            .Message(5, OnnxFile.Tensor("split", 1, 2).Run(4, Floats(3)).Run(4, Floats(5)))
            .Message(5, OnnxFile.Tensor("halves", 10, 2).Packed(5, 0x3C00, 0xC000))
            .Message(5, OnnxFile.Tensor("brains", 16, 1).Packed(5, 0x3F80))
            .Message(5, OnnxFile.Tensor("long", 7, 2).Packed(7, 9, ulong.MaxValue))
            .Message(5, OnnxFile.Tensor("doubles", 11).Run(10, BitConverter.GetBytes(0.5)))
            .Message(1, new OnnxFile().Text(2, "constant").Text(4, "Constant").Message(5, new OnnxFile().Text(1, "value").Message(5, OnnxFile.Tensor("", 1, 1).Run(9, Floats(7)))))
            .Message(1, new OnnxFile().Text(4, "If").Message(5, new OnnxFile().Text(1, "then_branch").Message(6, new OnnxFile().Message(5, OnnxFile.Tensor("inner", 1, 1).Run(9, Floats(8))))));
        using var source = Checkpoint.Open(folder.Write("m.onnx", OnnxFile.Model(graph)));

        AssertValues(source, "raw", 1, 2);
        AssertValues(source, "floats", 3, 4);
        AssertValues(source, "split", 3, 5);
        AssertValues(source, "halves", 1, -2);
        AssertValues(source, "brains", 1);
        AssertValues(source, "long", 9, -1);
        AssertValues(source, "doubles", 0.5f);
        AssertValues(source, "constant", 7);
        AssertValues(source, "inner", 8);
        Assert.Equal(9, source.Tensors.Count);
        Assert.Equal("test", source.Metadata["producer"]);
    }

    [Fact]
    public void A_folded_weight_gets_its_name_and_its_layout_back()
    {
        // The exporter stores W [2 outputs, 3 inputs] as its transpose.
        var graph = new OnnxFile()
            .Message(1, new OnnxFile().Text(1, "x").Text(1, "onnx::MatMul_57").Text(2, "y").Text(3, "/model/layers.0/mlp/up_proj/MatMul").Text(4, "MatMul"))
            .Message(1, new OnnxFile().Text(1, "y").Text(1, "onnx::MatMul_58").Text(2, "z").Text(3, "/shared/MatMul").Text(4, "MatMul"))
            .Message(1, new OnnxFile().Text(1, "y").Text(1, "onnx::MatMul_58").Text(2, "w").Text(3, "/shared_again/MatMul").Text(4, "MatMul"))
            .Message(5, OnnxFile.Tensor("onnx::MatMul_57", 1, 3, 2).Run(9, Floats(0, 10, 1, 11, 2, 12)))
            .Message(5, OnnxFile.Tensor("onnx::MatMul_58", 1, 1, 2).Run(9, Floats(5, 6)));
        using var source = Checkpoint.Open(folder.Write("m.onnx", OnnxFile.Model(graph)));

        Assert.Equal([2L, 3L], source.Tensors.Single(tensor => tensor.Name == "model.layers.0.mlp.up_proj.weight").Shape);
        AssertValues(source, "model.layers.0.mlp.up_proj.weight", 0, 1, 2, 10, 11, 12);
        AssertValues(source, "onnx::MatMul_58", 5, 6);
    }

    [Fact]
    public void A_trained_model_as_exporters_write_it_is_identical_to_its_original()
    {
        var original = SharedData.InRepository(Path.Combine("samples", "A1"));
        using var source = Checkpoint.Open(original);
        var (graph, outside, number) = (new OnnxFile(), new List<byte>(), 0);
        foreach (var sample in TorchFile.Load(source))
        {
            var (name, shape, bytes) = (sample.Name, sample.Shape, sample.Bytes);
            if (shape.Length == 2 && !name.Contains("embed", StringComparison.Ordinal))
            {
                // Folded: transposed, under a number, the name left to the node.
                var node = "/" + name[..^".weight".Length].Replace('.', '/') + "/MatMul";
                name = $"onnx::MatMul_{++number}";
                graph.Message(1, new OnnxFile().Text(1, "x").Text(1, name).Text(2, "y").Text(3, node.Replace("layers/", "layers.", StringComparison.Ordinal)).Text(4, "MatMul"));
                (shape, bytes) = ([shape[1], shape[0]], Transposed(bytes, (int)shape[0], (int)shape[1], sample.Type.Size()));
            }

            var tensor = OnnxFile.Tensor(name, sample.Type switch { ElementType.F32 => 1, ElementType.BF16 => 16, _ => 10 }, [.. shape.Select(size => (ulong)size)]);
            graph.Message(5, tensor.Number(14, 1).Message(13, OnnxFile.Entry("location", "model.onnx_data"))
                .Message(13, OnnxFile.Entry("offset", outside.Count.ToString())).Message(13, OnnxFile.Entry("length", bytes.Length.ToString())));
            outside.AddRange(bytes);
        }

        folder.Write("model.onnx_data", outside.ToArray());
        folder.Write("model.onnx", OnnxFile.Model(graph));

        var report = Comparison.Run(new ComparisonRequest(folder.Path, [original]) { Full = true }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(number > 10);
        Assert.Equal("identical", report.Results[0].Verdict.Relation);
        using var exported = Checkpoint.Open(folder.Path);
        Assert.Equal(Digest(source), Digest(exported));
    }

    [Fact]
    public void Values_in_another_file_are_read()
    {
        folder.Write("data/weights.bin", [0, 0, .. Floats(1, 2), 9]);
        var tensor = OnnxFile.Tensor("w", 1, 2).Number(14, 1).Message(13, OnnxFile.Entry("location", "data/weights.bin")).Message(13, OnnxFile.Entry("offset", "2")).Message(13, OnnxFile.Entry("length", "8"));
        using var source = Checkpoint.Open(folder.Write("m.onnx", OnnxFile.Model(new OnnxFile().Message(5, tensor))));

        AssertValues(source, "w", 1, 2);
        Assert.Equal(["m.onnx", "weights.bin"], source.Shards.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../secret", "0", "8", "inside the folder")]
    [InlineData("/etc/passwd", "0", "8", "inside the folder")]
    [InlineData("a\\..\\b", "0", "8", "inside the folder")]
    [InlineData("", "0", "8", "inside the folder")]
    [InlineData("data", "0", "9", "does not lie inside")]
    [InlineData("data", "1", "8", "does not lie inside")]
    [InlineData("data", "-1", "8", "not valid")]
    [InlineData("data", "9223372036854775807", "8", "does not lie inside")]
    [InlineData("data", "0", "4", "needs 8 bytes for its shape and has 4 bytes")]
    [InlineData("absent", "0", "8", "cannot be opened")]
    public void A_reference_out_of_bounds_is_refused(string location, string offset, string length, string expected)
    {
        folder.Write("data", new byte[8]);
        var tensor = OnnxFile.Tensor("w", 1, 2).Number(14, 1).Message(13, OnnxFile.Entry("location", location)).Message(13, OnnxFile.Entry("offset", offset)).Message(13, OnnxFile.Entry("length", length));
        var path = folder.Write("m.onnx", OnnxFile.Model(new OnnxFile().Message(5, tensor)));

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_refused()
    {
        AssertRefused(OnnxFile.Model(new OnnxFile()), "without weights");
        AssertRefused(new OnnxFile().Number(1, 8).Text(2, "x").ToArray(), "no graph");
        AssertRefused(OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 1, 2).Run(9, new byte[7]))), "needs 8 bytes");
        AssertRefused(OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 1, 1UL << 62, 4).Run(9, new byte[8]))), "overflows");
        AssertRefused(OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 1, ulong.MaxValue).Run(9, new byte[8]))), "negative");
        AssertRefused(OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 1, 1).Packed(7, 1))), "does not use");
        AssertRefused(OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 10, 1000).Packed(5, 1))), "needs 2,000 bytes");
        AssertRefused([.. OnnxFile.Model(new OnnxFile().Message(5, OnnxFile.Tensor("w", 1, 1).Run(9, new byte[4])))[..^2]], "near byte");
        var deep = new OnnxFile();
        for (var level = 0; level < 40; level++)
        {
            deep = new OnnxFile().Message(1, new OnnxFile().Message(5, new OnnxFile().Message(6, deep)));
        }

        AssertRefused(OnnxFile.Model(deep), "nests graphs");
    }

    private void AssertRefused(byte[] content, string expected)
    {
        var path = folder.Write("m.onnx", content);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    private static byte[] Transposed(byte[] bytes, int rows, int columns, int size)
    {
        var turned = new byte[bytes.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                bytes.AsSpan(((row * columns) + column) * size, size).CopyTo(turned.AsSpan(((column * rows) + row) * size));
            }
        }

        return turned;
    }

    internal static byte[] Floats(params ReadOnlySpan<float> values)
    {
        var bytes = new byte[4 * values.Length];
        ElementEncoder.Encode(ElementType.F32, values, bytes);
        return bytes;
    }

    private static void AssertValues(ITensorSource source, string name, params float[] expected)
    {
        var tensor = source.Tensors.Single(tensor => tensor.Name == name);
        var bytes = new byte[tensor.Length];
        source.Read(tensor, 0, bytes);
        var values = new float[tensor.Count];
        ElementDecoder.Decode(tensor.Type, bytes, values);
        Assert.Equal(expected, values);
    }

    private static string Digest(ITensorSource source) => ContentDigest.Compute(source, AnatomyReader.Read(source), cancellation: TestContext.Current.CancellationToken).Model;
}
