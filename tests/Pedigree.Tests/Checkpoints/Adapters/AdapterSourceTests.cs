using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Adapters;

public sealed class AdapterSourceTests : IDisposable
{
    private const string Config = """{"peft_type":"LORA","r":2,"lora_alpha":6,"base_model_name_or_path":"someone/base","fan_in_fan_out":false}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_product_is_added_to_the_base_as_its_definition_says()
    {
        // B·A with B = [[1, 0], [0, 2], [1, 1]], A = [[1, 2], [3, 4]], scale 6 / 2.
        var path = Adapter(Config, ("base_model.model.model.layers.0.q.lora_A.weight", [2, 2], [1, 2, 3, 4]), ("base_model.model.model.layers.0.q.lora_B.weight", [3, 2], [1, 0, 0, 2, 1, 1]));
        var model = Write("base.safetensors", ("model.layers.0.q.weight", [3, 2], [1, 1, 1, 1, 1, 1]), ("model.norm.weight", [2], [7, 8]));

        using var source = Checkpoint.Open(path, new CheckpointOptions { AdapterBase = model });

        AssertValues(source, "model.layers.0.q.weight", 4, 7, 19, 25, 13, 19);
        AssertValues(source, "model.norm.weight", 7, 8);
        Assert.Equal("F32 + LoRA r=2", source.Tensors[0].Encoding);
        Assert.False(source.HoldsDifferences);
        Assert.Contains("'someone/base'", source.Findings.Single(finding => finding.Id == "adapter-merged").Text, StringComparison.Ordinal);

        var part = new byte[6];
        source.Read(source.Tensors[0], 6, part);
        Assert.Equal([.. BitConverter.GetBytes(7f)[2..], .. BitConverter.GetBytes(19f)], part);
    }

    [Fact]
    public void Embeddings_replaced_tensors_and_other_scales_are_honoured()
    {
        var config = """{"lora_alpha":8,"use_rslora":true,"alpha_pattern":{"embed":4}}""";
        var path = Adapter(
            config,
            ("base_model.model.embed.lora_embedding_A", [4, 3], [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("base_model.model.embed.lora_embedding_B", [2, 4], [1, 0, 0, 0, 10, 0, 0, 0]),
            ("base_model.model.lm_head.weight", [1, 2], [5, 6]));
        var model = Write("base.safetensors", ("embed.weight", [3, 2], [0, 0, 0, 0, 0, 0]), ("lm_head.weight", [1, 2], [0, 0]));

        using var source = Checkpoint.Open(path, new CheckpointOptions { AdapterBase = model });

        // Scale 4 / √4; the product is tokens × width.
        AssertValues(source, "embed.weight", 2, 20, 4, 40, 6, 60);
        AssertValues(source, "lm_head.weight", 5, 6);
    }

    [Fact]
    public void Alone_an_adapter_is_its_products_and_no_model()
    {
        var path = Adapter(Config, ("base_model.model.q.lora_A.weight", [1, 2], [1, 2]), ("base_model.model.q.lora_B.weight", [2, 1], [3, 4]));

        using var source = Checkpoint.Open(path);

        Assert.True(source.HoldsDifferences);
        AssertValues(source, "q.weight", 18, 36, 24, 48);
        Assert.Contains("`--base`", source.Findings.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparing_an_adapter_alone_cannot_tell_and_with_its_base_finds_the_base()
    {
        using var sample = Checkpoint.Open(Sample("A1"));
        var gate = sample.Tensors.First(tensor => tensor.Name.EndsWith("layers.0.mlp.gate_proj.weight", StringComparison.Ordinal));
        var (outputs, inputs) = ((int)gate.Shape[0], (int)gate.Shape[1]);
        var module = gate.Name[..^".weight".Length];
        var random = new Random(3);
        float[] Small(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) / 50)];
        var path = Adapter(Config, ($"base_model.model.{module}.lora_A.weight", [2, inputs], Small(2 * inputs)), ($"base_model.model.{module}.lora_B.weight", [outputs, 2], Small(2 * outputs)));

        var alone = Compare(new ComparisonRequest(path, [Sample("A1")]));
        Assert.Equal("cannot-tell", alone.Results[0].Verdict.Relation);
        Assert.Contains(alone.Suspect.Findings, finding => finding.Id == "adapter-without-base");

        var merged = Compare(new ComparisonRequest(path, [Sample("A1")]) { AdapterBase = Sample("A1") });
        Assert.Equal("related", merged.Results[0].Verdict.Relation);
        Assert.Equal("none-found", Compare(new ComparisonRequest(path, [Sample("A2")]) { AdapterBase = Sample("A1") }).Results[0].Verdict.Relation);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        (string, long[], float[]) a = ("base_model.model.q.lora_A.weight", [1, 2], [1, 2]);
        (string, long[], float[]) b = ("base_model.model.q.lora_B.weight", [2, 1], [3, 4]);
        var model = Write("base.safetensors", ("q.weight", [2, 2], [0, 0, 0, 0]));
        var other = Write("other.safetensors", ("k.weight", [2, 2], [0, 0, 0, 0]));
        var wide = Write("wide.safetensors", ("q.weight", [2, 3], [0, 0, 0, 0, 0, 0]));

        AssertRefused(Adapter(Config, a), model, "only one of its two factors");
        AssertRefused(Adapter(Config, a, ("base_model.model.q.lora_B.weight", [1, 2], [3, 4])), model, "do not fit each other");
        AssertRefused(Adapter(Config, a, b, ("base_model.model.q.lora_magnitude_vector", [2], [1, 1])), model, "kind of adapter");
        AssertRefused(Adapter(Config, a, b), other, "no counterpart");
        AssertRefused(Adapter(Config, a, b), wide, "does not have the shape");
        AssertRefused(Adapter("{}", a, b), model, "lora_alpha");
        AssertRefused(Adapter("[", a, b), model, "adapter_config.json");
        AssertRefused(Adapter(Config, a, b), Adapter(Config, a, b), "is an adapter itself");
    }

    private static ComparisonReport Compare(ComparisonRequest request) => Comparison.Run(request, cancellation: TestContext.Current.CancellationToken);

    private static string Sample(string name) => SharedData.InRepository(Path.Combine("samples", name));

    private static void AssertRefused(string adapter, string model, string expected) => Assert.Contains(
        expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(adapter, new CheckpointOptions { AdapterBase = model })).Message, StringComparison.Ordinal);

    private string Adapter(string config, params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        folder.Write("adapter/adapter_config.json", System.Text.Encoding.UTF8.GetBytes(config));
        Write("adapter/adapter_model.safetensors", tensors);
        return folder.Join("adapter");
    }

    private string Write(string name, params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        var path = folder.Join(name);
        SafetensorsWriter.Write(path, [.. tensors.Select(tensor => (tensor.Name, ElementType.F32, tensor.Shape, Bytes(tensor.Values)))]);
        return path;
    }

    private static ReadOnlyMemory<byte> Bytes(float[] values)
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
}
