using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

public sealed class RotaryRowsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_of_two_heads_come_back_in_the_order_of_the_original()
    {
        // Two heads of six rows: the converter turns halves (0 1 2 | 3 4 5) into pairs (0 3, 1 4, 2 5).
        float[] stored = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11];
        var file = Headed("llama", 2, 1)
            .Tensor("blk.0.attn_q.weight", 0, [12, 1], TestQuantiser.ElementBytes(ElementType.F32, stored))
            .Tensor("blk.0.attn_q.bias", 0, [12], TestQuantiser.ElementBytes(ElementType.F32, stored))
            .Tensor("blk.0.attn_k.weight", 0, [6, 2], TestQuantiser.ElementBytes(ElementType.F32, [0, 0, 3, 3, 1, 1, 4, 4, 2, 2, 5, 5]))
            .Tensor("blk.0.attn_v.weight", 0, [12, 1], TestQuantiser.ElementBytes(ElementType.F32, stored));

        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));

        var inOrder = Enumerable.Range(0, 12).Select(i => (float)i);
        Assert.Equal(inOrder, Values(source, "blk.0.attn_q.weight"));
        Assert.Equal(inOrder, Values(source, "blk.0.attn_q.bias"));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], Values(source, "blk.0.attn_k.weight"));
        Assert.Equal(stored, Values(source, "blk.0.attn_v.weight"));
        Assert.Contains(source.Findings, finding => finding.Id is "rotary-order-undone" && finding.Text.Contains("3 query and key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama4")]
    [InlineData("gemma")]
    public void Other_architectures_are_read_as_stored(string architecture)
    {
        float[] stored = [0, 3, 1, 4, 2, 5];
        using var source = Checkpoint.Open(folder.Write(
            "model.gguf", Headed(architecture, 1, 1).Tensor("blk.0.attn_q.weight", 0, [6, 1], TestQuantiser.ElementBytes(ElementType.F32, stored)).ToArray()));

        Assert.Equal(stored, Values(source, "blk.0.attn_q.weight"));
        Assert.DoesNotContain(source.Findings, finding => finding.Id.StartsWith("rotary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(uint.MaxValue)]
    public void Head_counts_that_do_not_fit_leave_the_rows_alone_and_are_said(uint heads)
    {
        float[] stored = [0, 3, 1, 4, 2, 5];
        using var source = Checkpoint.Open(folder.Write(
            "model.gguf", Headed("llama", heads, heads).Tensor("blk.0.attn_q.weight", 0, [6, 1], TestQuantiser.ElementBytes(ElementType.F32, stored)).ToArray()));

        Assert.Equal(stored, Values(source, "blk.0.attn_q.weight"));
        Assert.Contains(source.Findings, finding => finding.Id is "rotary-order-unknown");
    }

    [Fact]
    public void Head_counts_may_differ_from_layer_to_layer()
    {
        var file = new GgufFile().Text("general.architecture", "deci").Numbers("deci.attention.head_count", 1, 2)
            .Tensor("blk.0.attn_q.weight", 0, [4, 1], TestQuantiser.ElementBytes(ElementType.F32, [0, 2, 1, 3]))
            .Tensor("blk.1.attn_q.weight", 0, [4, 1], TestQuantiser.ElementBytes(ElementType.F32, [0, 1, 2, 3]));

        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));

        Assert.Equal([0, 1, 2, 3], Values(source, "blk.0.attn_q.weight"));
        Assert.Equal([0, 1, 2, 3], Values(source, "blk.1.attn_q.weight"));
    }

    [Fact]
    public void Any_part_of_quantised_and_reordered_rows_reads_as_the_whole_does()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 5);
        var values = PlantedUnits.Gaussian(ref random, 24 * 64);
        var file = Headed("llama", 3, 3).Tensor("blk.0.attn_q.weight", 8, [24, 64], TestQuantiser.Store("Q8_0", LlamaConverter.Reordered(values, 3, 24)));
        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));
        var whole = new byte[24 * 64 * 4];
        source.Read(source.Tensors[0], 0, whole);

        Assert.Equal(TestQuantiser.Values("Q8_0", TestQuantiser.Store("Q8_0", values)), Values(source, "blk.0.attn_q.weight"));
        var picks = new Random(unchecked((int)seed));
        for (var i = 0; i < 200; i++)
        {
            var first = picks.Next(whole.Length);
            var part = new byte[picks.Next(whole.Length - first + 1)];
            source.Read(source.Tensors[0], first, part);
            Assert.Equal(whole.AsSpan(first, part.Length).ToArray(), part);
        }
    }

    [Fact]
    public void A_converted_model_has_the_values_and_roles_of_the_original()
    {
        var zoo = SharedData.Find("zoo");
        Assert.SkipWhen(zoo is null, "There is no folder ../shared/zoo beside the repository.");
        using var original = Checkpoint.Open(Path.Combine(zoo!, "A1"));
        using var converted = Checkpoint.Open(folder.Write("model.gguf", LlamaConverter.Convert(original, "F16", 6, 2).ToArray()));
        var (one, two) = (AnatomyReader.Read(original), AnatomyReader.Read(converted));

        Assert.Equal("gguf", two.Family);
        Assert.Equal(one.Views.Keys, two.Views.Keys);
        Assert.Empty(two.NotUnderstood);
        Assert.Equal(one.Heads, two.Heads);
        var (first, second) = (new WeightReader(original), new WeightReader(converted));
        foreach (var (role, view) in one.Views)
        {
            var (a, b) = (new float[view.Count], new float[view.Count]);
            first.ReadRows(view, 0, view.Rows, a);
            second.ReadRows(two.Find(role)!, 0, view.Rows, b);

            // BF16 values below binary16's normal range round; the others are the same bits.
            Assert.All(a.Zip(b), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 3e-8f));
        }
    }

    private static GgufFile Headed(string architecture, uint heads, uint groups) => new GgufFile()
        .Text("general.architecture", architecture).Number($"{architecture}.attention.head_count", heads).Number($"{architecture}.attention.head_count_kv", groups);

    private static float[] Values(ITensorSource source, string name) => LlamaConverter.Read(source, source.Tensors.Single(tensor => string.Equals(tensor.Name, name, StringComparison.Ordinal)));
}
