using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class TokenMarkingTests
{
    [Fact]
    public void One_word_start_is_the_same_bytes_in_every_marking()
    {
        Assert.Equal(" été"u8.ToArray(), Bytes("ĠÃ©tÃ©", TokenMarking.ByteLevel));
        Assert.Equal(" été"u8.ToArray(), Bytes("▁été", TokenMarking.SentencePiece));
        Assert.Equal(" été"u8.ToArray(), Bytes("été", TokenMarking.WordPiece));
        Assert.Equal("été"u8.ToArray(), Bytes("##été", TokenMarking.WordPiece));
        Assert.Equal("été"u8.ToArray(), Bytes("été", TokenMarking.Plain));
    }

    [Fact]
    public void Single_bytes_are_the_same_in_both_markings()
    {
        Assert.Equal([0x0A], Bytes("Ċ", TokenMarking.ByteLevel));
        Assert.Equal([0x0A], Bytes("<0x0A>", TokenMarking.SentencePiece));
        Assert.Equal([0xFF], Bytes("ÿ", TokenMarking.ByteLevel));
        Assert.Equal([0xAD], Bytes("\u0143", TokenMarking.ByteLevel));
        Assert.Equal([0xFF], Bytes("<0xFF>", TokenMarking.SentencePiece));
    }

    [Fact]
    public void Names_of_special_tokens_stay()
    {
        Assert.Equal("<|im_start|>"u8.ToArray(), Bytes("<|im_start|>", TokenMarking.ByteLevel));
        Assert.Equal("</s>"u8.ToArray(), Bytes("</s>", TokenMarking.SentencePiece));
        Assert.Equal("[CLS]"u8.ToArray(), Bytes("[CLS]", TokenMarking.WordPiece));
        Assert.Equal("<｜end｜>"u8.ToArray(), Bytes("<｜end｜>", TokenMarking.ByteLevel));
        Assert.Equal("<0xZZ>"u8.ToArray(), Bytes("<0xZZ>", TokenMarking.SentencePiece));
    }

    [Fact]
    public void Marking_is_told_by_its_most_frequent_mark()
    {
        Assert.Equal(TokenMarking.ByteLevel, TokenMarkings.Of(["Ġa", "Ġb", "▁", "c"]));
        Assert.Equal(TokenMarking.SentencePiece, TokenMarkings.Of(["▁a", "▁b", "##", "c"]));
        Assert.Equal(TokenMarking.WordPiece, TokenMarkings.Of(["##a", "##b", "c"]));
        Assert.Equal(TokenMarking.Plain, TokenMarkings.Of([.. Enumerable.Range(0, 500).Select(i => $"w{i}"), "##a"]));
        Assert.Equal(TokenMarking.Plain, TokenMarkings.Of([]));
    }

    private static byte[] Bytes(string token, TokenMarking marking) => [.. TokenMarkings.Bytes(token, marking).Select(character => checked((byte)character))];
}
