using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class TokenJoinTests
{
    private const string ByteLevel = """{"a":0,"Ġthe":5,"Ċ":2,"Ġof":9,"Ã©":3}""";
    private const string SentencePiece = """{"model":{"vocab":[["<unk>",0],["▁of",-1],["<0x0A>",0],["▁the",-2],["é",-3],["a",-4],["<0x61>",0]]}}""";

    [Fact]
    public void Tokens_are_joined_by_the_bytes_they_stand_for_in_order_of_the_first_id()
    {
        var (a, b) = Join(new MemorySource().With("vocab.json", ByteLevel), new MemorySource().With("tokenizer.json", SentencePiece), 100, 100)!.Value;

        Assert.Equal([0, 2, 3, 5, 9], a);
        Assert.Equal([5, 2, 4, 3, 1], b);
    }

    [Fact]
    public void Ids_outside_the_embedding_are_left_out()
    {
        var (a, b) = Join(new MemorySource().With("vocab.json", ByteLevel), new MemorySource().With("tokenizer.json", SentencePiece), 6, 4)!.Value;

        Assert.Equal([2, 5], a);
        Assert.Equal([2, 3], b);
    }

    [Fact]
    public void Absent_or_unreadable_vocabulary_gives_null_and_disjoint_ones_give_nothing()
    {
        var source = new MemorySource().With("vocab.json", """{"a":0}""");

        Assert.Null(Join(source, new MemorySource(), 9, 9));
        Assert.Null(Join(new MemorySource().With("vocab.json", "{"), source, 9, 9));
        Assert.Empty(Join(source, new MemorySource().With("vocab.json", """{"b":0}"""), 9, 9)!.Value.A);
    }

    [Fact]
    public void Unreadable_tokenizer_falls_back_to_the_plain_list() =>
        Assert.Equal([3], Join(new MemorySource().With("tokenizer.json", "{").With("vocab.json", """{"x":3}"""), new MemorySource().With("vocab.json", """{"x":0}"""), 9, 9)!.Value.A);

    [Fact]
    public void No_row_is_joined_twice()
    {
        var (a, b) = Join(
            new MemorySource().With("vocab.json", """{"a":0,"b":0,"c":1}"""), new MemorySource().With("vocab.json", """{"a":4,"b":5,"c":4}"""), 9, 9)!.Value;

        Assert.Equal(a.Length, a.Distinct().Count());
        Assert.Equal(b.Length, b.Distinct().Count());
    }

    private static (int[] A, int[] B)? Join(MemorySource a, MemorySource b, int rowsA, int rowsB) => TokenJoin.ByToken(a, b, rowsA, rowsB);
}
