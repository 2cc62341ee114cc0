using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>What makes unrelated real models look alike, or equal ones different (data/README.md, "Traps in it").</summary>
public class DataTrapTests
{
    [Theory]
    [InlineData("own_gpt/own_gpt_pretrained", "tril")]
    [InlineData("slm4096/kunal_ckpt", ".attn.mask")]
    [InlineData("makemore/manal", ".attn.bias")]
    public void Causal_masks_take_part_in_no_test(string name, string ending)
    {
        using var source = Checkpoint.Open(PublishedModels.Address(name));
        var anatomy = AnatomyReader.Read(source);
        string[] masks = [.. source.Tensors.Where(tensor => tensor.Name.EndsWith(ending, StringComparison.Ordinal)).Select(tensor => tensor.Name)];
        Assert.NotEmpty(masks);
        Assert.Subset(anatomy.Fixed.Select(tensor => tensor.Name).ToHashSet(), masks.ToHashSet());
        Assert.DoesNotContain(anatomy.Views.Values, view => masks.Contains(view.Tensor.Name));
    }

    [Fact]
    public void Equal_masks_do_not_make_two_models_alike()
    {
        var result = Comparisons.Of(PublishedModels.Address("own_gpt/own_gpt_pretrained"), PublishedModels.Address("slm4096/kunal_ckpt"));
        Assert.Equal("none-found", result.Verdict.Relation);
        Assert.All(result.Components.Where(component => component.Component is not ("bias" or "norms")), component => Assert.InRange(component.Cosine!.Value, -0.2, 0.2));
    }

    [Fact]
    public void Rotary_tables_take_part_in_no_test()
    {
        using var source = Checkpoint.Open(PublishedModels.Address("llama2c/stories260K"));
        string[] tables = [.. source.Tensors.Where(tensor => tensor.Name.Contains("freq", StringComparison.Ordinal)).Select(tensor => tensor.Name)];
        Assert.NotEmpty(tables);
        Assert.Subset(AnatomyReader.Read(source).Fixed.Select(tensor => tensor.Name).ToHashSet(), tables.ToHashSet());
    }

    [Fact]
    public void Filter_table_alone_is_no_evidence()
    {
        var table = Path.Combine(Repository.RequireShared("data", "hostile", "candle"), "mel_filters.safetensors");
        var verdict = Comparisons.Of(table, table).Verdict;
        Assert.True(verdict.Relation is "cannot-tell" or "identical", verdict.Headline);
        Assert.Null(verdict.Log10P);
    }

    [Theory]
    [InlineData("llama2c/stories260K", "llama2c/stories260K.transpose")]
    [InlineData("llama2c/stories260K.transpose", "llama2c/stories260K")]
    public void Transposed_storage_is_the_same_model(string suspect, string reference)
    {
        var result = Compare(suspect, reference);
        Assert.True(result.Verdict.Relation == "identical", Comparisons.Line(result));
        Assert.Equal(Digest(suspect), Digest(reference));
    }

    [Fact]
    public void Norm_gains_alike_by_their_start_are_printed_beside_their_null_and_decide_nothing()
    {
        var result = Compare("llama2c/stories260K", "llama2xs/llama2xs_model");
        Assert.Equal("none-found", result.Verdict.Relation);
        var raw = result.Evidence.Single(item => item.StatisticName == "raw cosine of all norms");
        Assert.InRange(raw.Statistic!.Value, 0.7, 0.9);
        Assert.InRange(raw.Statistic.Value - raw.NullExpectation!.Value, -0.05, 0.05);
        Assert.Equal(Tier.Descriptive, raw.Tier);
        var centred = result.Evidence.Single(item => item.StatisticName == "correlation of all norms, each layer centred");
        Assert.InRange(centred.Statistic!.Value, -0.15, 0.15);
    }

    [Theory]
    [InlineData("rwkv/tiny-rwkv-5v1-730K-FP32")]
    [InlineData("makemore/manal")]
    [InlineData("own_gpt/own_gpt_pretrained")]
    public void Model_with_dead_tensors_is_neither_parent_nor_child(string other)
    {
        foreach (var result in new[] { Compare("rwkv/tiny-rwkv-4v0-660K-FP32", other), Compare(other, "rwkv/tiny-rwkv-4v0-660K-FP32") })
        {
            Assert.True(result.Verdict.Relation is "cannot-tell" or "none-found", Comparisons.Line(result));
        }
    }

    private static string Digest(string name)
    {
        using var source = Checkpoint.Open(PublishedModels.Address(name));
        return Convert.ToHexString(LogicalDigest.Compute(source, AnatomyReader.Read(source)));
    }

    private static ComparisonResult Compare(string suspect, string reference) =>
        Comparisons.Of(PublishedModels.Address(suspect), PublishedModels.Address(reference));
}
