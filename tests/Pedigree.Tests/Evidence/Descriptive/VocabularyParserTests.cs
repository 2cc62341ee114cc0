using System.Text;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class VocabularyParserTests
{
    [Fact]
    public void Reads_an_object_from_token_to_id() =>
        Assert.Equal([("a", 0), ("b", 7)], VocabularyParser.Vocab("""{"a":0,"b":7}"""u8)!.Tokens);

    [Fact]
    public void Reads_both_shapes_of_a_tokenizer_and_its_added_tokens()
    {
        var bpe = """{"version":"1.0","added_tokens":[{"id":9,"content":"<s>","special":true}],"model":{"type":"BPE","merges":["a b",["c","d"]],"vocab":{"a":0}}}"""u8;
        var unigram = """{"decoder":null,"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["▁a",-2.5]]}}"""u8;

        Assert.Equal([("<s>", 9), ("a", 0)], VocabularyParser.Tokenizer(bpe)!.Tokens);
        Assert.Equal([("<unk>", 0), ("▁a", 1)], VocabularyParser.Tokenizer(unigram)!.Tokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}}")]
    [InlineData("\0\0\0")]
    [InlineData("{\"model\":[[[[")]
    [InlineData("{\"model\":{\"vocab\":[[\"a\",")]
    [InlineData("{\"added_tokens\":[{\"id\":1")]
    public void What_is_no_vocabulary_gives_null(string json)
    {
        Assert.Null(VocabularyParser.Tokenizer(Encoding.UTF8.GetBytes(json)));
        Assert.Null(VocabularyParser.Vocab(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Entries_that_make_no_sense_are_skipped()
    {
        var json = """{"a":-1,"b":1e300,"c":"7","d":{"e":1},"f":[1,[2]],"g":4294967296,"\ud800":3,"h":5,"":6}"""u8;

        Assert.Equal([("h", 5), ("", 6)], VocabularyParser.Vocab(json)!.Tokens);
    }

    [Fact]
    public void Invalid_bytes_long_tokens_and_deep_nesting_do_no_harm()
    {
        byte[] invalid = [.. "{\"a\xC3\":1,\"b\":2}"u8];
        invalid[3] = 0xC3;
        invalid[4] = (byte)'(';
        var tokens = VocabularyParser.Vocab($$"""{"{{new string('x', 100_000)}}":1,"b":2}""".Select(character => (byte)character).ToArray())!.Tokens;

        Assert.Equal([("b", 2)], tokens);
        Assert.True(VocabularyParser.Vocab(invalid)?.Tokens is null or [("b", 2)]);
        Assert.Null(VocabularyParser.Tokenizer(Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000))));
    }

    [Fact]
    public void Truncation_anywhere_throws_nothing()
    {
        var json = """{"added_tokens":[{"id":9,"content":"<s>"}],"model":{"vocab":{"a":0,"b":1}}}"""u8.ToArray();
        for (var length = 0; length < json.Length; length++)
        {
            Assert.Null(VocabularyParser.Tokenizer(json.AsSpan(0, length)));
        }
    }
}
