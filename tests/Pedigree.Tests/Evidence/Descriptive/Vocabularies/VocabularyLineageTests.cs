using System.Text;
using System.Text.Json;
using Pedigree.Checkpoints;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Descriptive.Vocabularies;
using Pedigree.Numerics;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Checkpoints.Gguf;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive.Vocabularies;

public class VocabularyLineageTests
{
    [Fact]
    public void A_copied_list_of_merges_agrees_and_a_shuffled_one_does_not()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        (string, string)[] merges = [.. Enumerable.Range(0, 2000).Select(number => ($"a{number}", "b"))];
        var extended = merges.Append(("x", "y")).ToArray();
        Assert.Equal(new MergeOrder(2000, 1, 2000), MergeOrder.Of(merges, extended));
        var shuffled = merges.Select(merge => (Merge: merge, Key: random.NextUInt64())).OrderBy(entry => entry.Key).Select(entry => entry.Merge).ToArray();
        // Six standard errors of 1 / sqrt(n - 1).
        Assert.InRange(MergeOrder.Of(merges, shuffled)!.RankCorrelation!.Value, -0.134, 0.134);
    }

    [Fact]
    public void Merges_that_are_few_doubled_or_missing_give_what_can_be_said()
    {
        Assert.Null(MergeOrder.Of([], [("a", "b")]));
        Assert.Equal(new MergeOrder(1, null, 1), MergeOrder.Of([("a", "b"), ("a", "b"), ("c", "d")], [("a", "b"), ("e", "f")]));
    }

    [Fact]
    public void Added_tokens_of_one_maker_are_told_from_those_that_everybody_uses() => Assert.Equal(
        ["<extra_id_#>", "<|house_mark|>"],
        AddedTokens.InCommon(
            ["<s>", "<|im_start|>", "<|house_mark|>", "<extra_id_0>", "<extra_id_1>", "    ", "é", "<0x0A>", "[PAD7]", "<mine>"],
            ["<|house_mark|>", "<s>", "<extra_id_99>", "    ", "<|im_start|>", "é", "<0x0A>", "[PAD8]", "<theirs>"]));

    [Fact]
    public void Hashes_are_those_that_the_samples_were_made_with()
    {
        // Reckoned apart from this code: FNV-1a of the bytes, then two rounds of the finalizer.
        Assert.Equal(Reckoned(" the"u8), VocabularySketch.Hash(" the"));
        Assert.Equal(Reckoned([0xE4, 0xB8, 0xAD]), VocabularySketch.Hash("\u00E4\u00B8\u00AD"));

        static uint Reckoned(ReadOnlySpan<byte> bytes)
        {
            var hash = 0xCBF29CE484222325;
            foreach (var value in bytes)
            {
                hash = unchecked((hash ^ value) * 0x100000001B3);
            }

            return (uint)(Finalized(unchecked(Finalized(unchecked(hash + 0x9E3779B97F4A7C15)) + 0x9E3779B97F4A7C15)) >> 32);
        }

        static ulong Finalized(ulong x)
        {
            unchecked
            {
                x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
                x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
                return x ^ (x >> 31);
            }
        }
    }

    [Fact]
    public void A_sample_tells_how_much_of_another_list_stands_in_it()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        string[] tokens = [.. Enumerable.Range(0, 20_000).Select(number => $"t{number}-{random.NextUInt64():x}")];
        var list = new KnownVocabulary("made", tokens.Length, VocabularySketch.Read(VocabularySketch.Write(tokens)));
        var (share, sampled) = list.ShareOf([.. tokens.Take(15_000), .. Enumerable.Range(0, 5000).Select(number => $"other{number}")])!.Value;
        // 512 of 20,000 sampled tokens have a standard error of 0.02; seven of them are a chance of 10^-11.
        Assert.InRange(share, 0.75 - 0.14, 0.75 + 0.14);
        Assert.InRange(sampled, 300, 760);
        Assert.Null(list.ShareOf([]));
    }

    [Theory]
    [InlineData("ggml-vocab-codellama.gguf", "ggml-vocab-phi-3.gguf", "Llama and Llama 2")]
    [InlineData("ggml-vocab-gpt-2.gguf", "gpt2_vocab.json", "GPT-2")]
    [InlineData("ggml-vocab-mpt.gguf", "gpt-neox-20b_tokenizer.json", "GPT-NeoX-20B")]
    [InlineData("ggml-vocab-bert-bge.gguf", "gte-small_tokenizer.json", "BERT, uncased")]
    [InlineData("ggml-vocab-refact.gguf", "ggml-vocab-starcoder.gguf", "StarCoder 2")]
    public void A_known_list_explains_what_two_makers_have_in_common(string first, string second, string name)
    {
        var known = Compare(first, second).Single(item => item.Test is "tokenizer-known-list");
        Assert.InRange(known.Statistic!.Value, 0.99, 1);
        Assert.Contains($"the public list of {name} (", known.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Merges_of_a_shared_list_are_seen_and_independent_ones_lie_within_the_null()
    {
        var refact = Compare("ggml-vocab-refact.gguf", "ggml-vocab-starcoder.gguf");
        Assert.Equal((1, 1, 1), (Percentile(refact, "tokenizer-merge-order"), Percentile(refact, "tokenizer-merge-prefix"), Percentile(refact, "tokenizer-added-tokens")));
        var independent = Compare("ggml-vocab-falcon.gguf", "ggml-vocab-dbrx.gguf");
        Assert.InRange(Percentile(independent, "tokenizer-merge-order")!.Value, 0.1, 0.9);
        Assert.Equal((0.0, 0.0), (independent.Single(item => item.Test is "tokenizer-known-list").Statistic, independent.Single(item => item.Test is "tokenizer-added-tokens").Statistic));
        Assert.All(refact.Concat(independent), item => Assert.Equal((Tier.Descriptive, null), (item.Tier, item.Log10P)));
    }

    [Fact]
    public void Merges_beside_a_plain_list_are_read()
    {
        var vocabulary = JsonSerializer.Serialize(Enumerable.Range(0, 40).ToDictionary(number => $"t{number}", number => number));
        var merges = "#version: 0.2\r\n" + string.Join("\r\n", Enumerable.Range(0, 40).Select(number => $"a{number} b")) + "\n\nbroken\n a\nb \n";
        using var source = new MemorySource().With("vocab.json", vocabulary).With("merges.txt", merges);
        var list = Vocabulary.Of(source)!;
        Assert.Equal(40, list.Merges.Count);
        Assert.Equal(("a39", "b"), list.Merges[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merges_and_added_tokens_inside_a_gguf_file_are_read(bool bigEndian)
    {
        using var folder = new TemporaryFolder();
        var file = new GgufFile { BigEndian = bigEndian }
            .Texts("tokenizer.ggml.tokens", "<s>", "\u0120a", "b", "\u0120ab", "<|house|>")
            .Texts("tokenizer.ggml.merges", "\u0120a b", "nonsense")
            // More kinds than tokens, and kinds that mean nothing.
            .Integers("tokenizer.ggml.token_type", 3, 1, -7, 99, 4, 3, 3)
            .Tensor("w", 0, [8], new byte[32], (4, [0, 4]));
        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));
        var list = Vocabulary.Of(source)!;
        Assert.Equal([(" a", "b")], list.Merges);
        Assert.Equal(["<s>", "<|house|>"], list.Added);
        Assert.Equal(5, list.Ids.Count);
    }

    [Fact]
    public void Merges_of_both_shapes_are_read_and_nonsense_is_passed_over()
    {
        var json = """
            {"added_tokens":[{"id":5,"content":"<x>"},{"id":-1,"content":"<y>"},{"content":3}],
             "model":{"vocab":{"a":0},"merges":["a b",["c","d"],["e"],["f","g","h"],7,{"i":[1]},""," ","j","k ",["l",{"m":1}],[[1],"n"]]}}
            """;
        var lists = VocabularyParser.Tokenizer(Encoding.UTF8.GetBytes(json))!;
        Assert.Equal([("a", "b"), ("c", "d"), ("f", "g")], lists.Merges);
        Assert.Equal(["<x>"], lists.Added);
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            Assert.Null(VocabularyParser.Tokenizer(bytes.AsSpan(0, length)));
        }
    }

    private static double? Percentile(IReadOnlyList<EvidenceItem> items, string test) => items.Single(item => item.Test == test).NullPercentile;

    private static IReadOnlyList<EvidenceItem> Compare(string first, string second)
    {
        var model = new ToyModel();
        model.Set(new(Pedigree.Anatomy.Part.FinalNorm), 1, 1, 1);
        using var one = PublicLists.Source(first);
        using var other = PublicLists.Source(second);
        return TokenizerOverlap.Compare(model.Described(one), model.Described(other));
    }
}
