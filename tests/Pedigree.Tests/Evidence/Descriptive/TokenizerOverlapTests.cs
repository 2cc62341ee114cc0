using System.IO.Compression;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class TokenizerOverlapTests
{
    [Fact]
    public void Figures_follow_from_the_lists()
    {
        var items = Compare(
            new MemorySource().With("vocab.json", """{"a":0,"b":1,"c":2,"d":3}"""),
            new MemorySource().With("vocab.json", """{"a":0,"c":1,"x":2,"b":3,"y":4,"z":5}"""));

        Assert.Equal([0.25, 3.0 / 7, 0.75], items.Take(3).Select(item => item.Statistic!.Value));
        Assert.Equal([0, null, null, null], items.Skip(3).Select(item => item.Statistic));
        Assert.Equal(1, items[0].NullPercentile);
        Assert.InRange(items[1].NullPercentile!.Value, 0.90, 0.95);
        Assert.InRange(items[2].NullPercentile!.Value, 0.90, 0.95);
        Assert.All(items, item => Assert.Equal(Tier.Descriptive, item.Tier));
    }

    [Fact]
    public void Absent_vocabulary_gives_no_figure()
    {
        var items = Compare(new MemorySource().With("vocab.json", """{"a":0}"""), new MemorySource());

        Assert.All(items, item => Assert.Equal((null, null), (item.Statistic, item.NullPercentile)));
        Assert.All(items, item => Assert.Contains("beside the suspect", item.Note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2_tokenizer.json.gz", "gte-small_tokenizer.json.gz", 1, 1, 1)]
    [InlineData("gpt-neox-20b_tokenizer.json.gz", "gpt2_vocab.json.gz", 0.0013, 0.5808, 0.7350)]
    public void Real_lists_give_the_published_figures(string first, string second, double ids, double jaccard, double contained)
    {
        var items = Compare(Source(first), Source(second));

        Assert.Equal(ids, items[0].Statistic!.Value, 0.002);
        Assert.Equal(jaccard, items[1].Statistic!.Value, 0.003);
        Assert.Equal(contained, items[2].Statistic!.Value, 0.003);
    }

    [Fact]
    public void Lists_of_different_marking_share_far_more_than_their_spelling_shows()
    {
        // Compared as written, the two share 15.6 % of the smaller list; word starts are written differently.
        var contained = Compare(Source("gpt-neox-20b_tokenizer.json.gz"), Source("gte-small_tokenizer.json.gz"))[2];

        Assert.InRange(contained.Statistic!.Value, 0.3, 0.8);
    }

    private static IReadOnlyList<EvidenceItem> Compare(MemorySource first, MemorySource second)
    {
        var model = new ToyModel();
        model.Set(new(Pedigree.Anatomy.Part.FinalNorm), 1, 1, 1);
        return TokenizerOverlap.Compare(model.Described(first), model.Described(second));
    }

    private static MemorySource Source(string file)
    {
        var folder = SharedData.Find("data/tokenizers");
        Assert.SkipWhen(folder is null, "the tokenizers are not on this machine");
        using var unzipped = new MemoryStream();
        using (var zipped = new GZipStream(File.OpenRead(Path.Combine(folder, file)), CompressionMode.Decompress))
        {
            zipped.CopyTo(unzipped);
        }

        return new MemorySource().With(file.Contains("vocab", StringComparison.Ordinal) ? "vocab.json" : "tokenizer.json", unzipped.ToArray());
    }
}
