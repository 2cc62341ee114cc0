using Pedigree.Numerics;
using Xunit;

namespace Pedigree.Tests.Numerics;

public class StableMatchingTests
{
    [Fact]
    public void Equals_the_greedy_matching_over_all_pairs()
    {
        var random = new CounterRandom(21, 0);
        for (var draw = 0; draw < 300; draw++)
        {
            var (rows, columns) = (1 + random.NextInt(60), 1 + random.NextInt(60));
            var similarity = new float[rows * columns];

            // Few distinct values make ties, and some pairs are absent.
            var (levels, absent) = (draw % 3 == 0 ? 4 : 1 << 20, draw % 4 == 0 ? 0.3 : 0);
            for (var i = 0; i < similarity.Length; i++)
            {
                similarity[i] = random.NextDouble() < absent ? float.NaN : random.NextInt(levels) - levels / 2;
            }

            var actual = new int[rows];
            StableMatching.Match(similarity, rows, columns, actual);
            Assert.Equal(Greedy(similarity, rows, columns), actual);
        }
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(150, 200)]
    [InlineData(200, 150)]
    public void Is_injective_complete_and_has_no_blocking_pair(int rows, int columns)
    {
        var random = new CounterRandom(22, (ulong)rows);
        var similarity = new float[rows * columns];
        for (var i = 0; i < similarity.Length; i++)
        {
            similarity[i] = (float)random.NextGaussian();
        }

        var match = new int[rows];
        StableMatching.Match(similarity, rows, columns, match);
        var rowOf = new int[columns];
        Array.Fill(rowOf, -1);
        for (var row = 0; row < rows; row++)
        {
            if (match[row] >= 0)
            {
                Assert.Equal(-1, rowOf[match[row]]);
                rowOf[match[row]] = row;
            }
        }

        Assert.Equal(Math.Min(rows, columns), match.Count(column => column >= 0));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var value = similarity[row * columns + column];
                var rowPrefers = match[row] < 0 || value > similarity[row * columns + match[row]];
                var columnPrefers = rowOf[column] < 0 || value > similarity[rowOf[column] * columns + column];
                Assert.False(rowPrefers && columnPrefers);
            }
        }
    }

    [Fact]
    public void Rows_that_all_want_the_same_columns_are_served_in_order_of_strength()
    {
        // Every insertion displaces a whole chain of rows: the worst case for proposals.
        const int Size = 120;
        var similarity = new float[Size * Size];
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                similarity[row * Size + column] = row - column * 1000;
            }
        }

        var match = new int[Size];
        StableMatching.Match(similarity, Size, Size, match);
        for (var row = 0; row < Size; row++)
        {
            Assert.Equal(Size - 1 - row, match[row]);
        }
    }

    [Fact]
    public void Infinities_are_matched_and_NaN_is_not()
    {
        var match = new int[3];
        StableMatching.Match([float.NegativeInfinity, float.NaN, float.NaN, float.NaN, 3, float.PositiveInfinity], 3, 2, match);
        Assert.Equal([0, -1, 1], match);
        StableMatching.Match([], 3, 0, match);
        Assert.Equal([-1, -1, -1], match);
        StableMatching.Match([], 0, 0, []);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => StableMatching.Match(new float[3], 2, 2, new int[2]));
        Assert.Throws<ArgumentException>(() => StableMatching.Match(new float[4], 2, 2, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StableMatching.Match([], -1, 0, []));
    }

    private static int[] Greedy(float[] similarity, int rows, int columns)
    {
        var match = new int[rows];
        Array.Fill(match, -1);
        var taken = new bool[columns];
        var pairs = Enumerable.Range(0, rows * columns)
            .Where(pair => !float.IsNaN(similarity[pair]))
            .OrderByDescending(pair => similarity[pair]).ThenBy(pair => pair % columns).ThenBy(pair => pair / columns);
        foreach (var pair in pairs)
        {
            var (row, column) = (pair / columns, pair % columns);
            if (match[row] < 0 && !taken[column])
            {
                match[row] = column;
                taken[column] = true;
            }
        }

        return match;
    }
}
