using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Alignment;

/// <summary>The map over a vocabulary whose rows pass by in pieces.</summary>
public sealed class WideWordsTests
{
    private const int Tokens = (2 * WideWords.Piece) + 37;

    [Theory]
    [InlineData(48, 48)]
    [InlineData(64, 40)]
    [InlineData(40, 64)]
    public void Pieces_give_the_map_of_all_rows_at_once(int from, int to)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        var (one, two) = Words(ref random, from, to);
        var words = new WideWords(from, to, Tokens, 2);
        words.Add(places => (At(one, from, places), At(two, to, places)), TestContext.Current.CancellationToken);
        var map = words.Map(TestContext.Current.CancellationToken)!;
        var whole = VocabularyAlignment.Of(
            new AlignmentInput(from, [], one, null), new AlignmentInput(to, [], two, null), 1, TestContext.Current.CancellationToken)[0].Map;
        // The mean of a third of the tokens is that of all to a part in twenty of the spread, and a mean has one direction of many.
        Assert.InRange(map.Overlap(whole), 0.99, 1.001);
    }

    [Fact]
    public void Same_bytes_on_any_number_of_threads()
    {
        var random = new CounterRandom(7, 1);
        var (one, two) = Words(ref random, 48, 48);
        float[] With(int threads)
        {
            var words = new WideWords(48, 48, Tokens, threads);
            words.Add(places => (At(one, 48, places), At(two, 48, places)), TestContext.Current.CancellationToken);
            words.Add(places => (At(two, 48, places), At(one, 48, places)), TestContext.Current.CancellationToken);
            return words.Map(TestContext.Current.CancellationToken)!.Columns;
        }

        Assert.Equal(With(1), With(3));
    }

    [Fact]
    public void Tokens_without_a_finite_row_give_no_map() =>
        Assert.Null(Map([.. Enumerable.Repeat(float.NaN, 8 * Tokens)], 8));

    private static ResidualMap? Map(float[] rows, int width)
    {
        var words = new WideWords(width, width, Tokens, 1);
        words.Add(places => (At(rows, width, places), At(rows, width, places)), TestContext.Current.CancellationToken);
        return words.Map(TestContext.Current.CancellationToken);
    }

    // Rows of a wider or narrower copy: a part of the coordinates, or all of them and zeros, with a mean and some noise.
    private static (float[] Reference, float[] Suspect) Words(ref CounterRandom random, int from, int to)
    {
        var (one, two) = (new float[Tokens * from], new float[Tokens * to]);
        for (var token = 0; token < Tokens; token++)
        {
            for (var c = 0; c < from; c++)
            {
                one[(token * from) + c] = (float)(3 + (random.NextGaussian() * (1 + (c % 5))));
            }

            for (var c = 0; c < to; c++)
            {
                two[(token * to) + c] = (float)((c < from ? one[(token * from) + from - 1 - c] : 0) + (0.1 * random.NextGaussian()));
            }
        }

        return (one, two);
    }

    private static float[] At(float[] rows, int width, int[] places) => [.. places.SelectMany(place => rows.AsSpan(place * width, width).ToArray())];
}
