using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Anatomy;

/// <summary>The test that tells a whole head from pieces of one.</summary>
public class HeadPartitionTests
{
    [Fact]
    public void Moments_are_those_over_all_orders()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        const int rows = 6;
        var squares = new float[rows * rows];
        for (var i = 0; i < rows; i++)
        {
            squares[(i * rows) + i] = 1;
            for (var j = i + 1; j < rows; j++)
            {
                squares[(i * rows) + j] = squares[(j * rows) + i] = (float)(0.8 * random.NextDouble());
            }
        }

        var scores = new List<double>();
        foreach (var order in Orders(rows))
        {
            var shuffled = new float[rows * rows];
            for (var at = 0; at < shuffled.Length; at++)
            {
                shuffled[at] = squares[(order[at / rows] * rows) + order[at % rows]];
            }

            scores.Add(HeadPartition.Score(shuffled, rows, 0, rows, 2)!.Value);
        }

        Assert.Equal(720, scores.Count);
        Assert.InRange(scores.Average(), -1e-5, 1e-5);
        Assert.InRange(scores.Average(score => score * score), 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void Scores_of_one_head_are_standard_normal_and_of_two_they_are_not()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        const int blocks = 400, length = 32, width = 48;
        List<double> whole = [], halves = [];
        for (var block = 0; block < blocks; block++)
        {
            whole.Add(Score(Head(ref random, length, width), length, width));
            halves.Add(Score([.. Head(ref random, length / 2, width), .. Head(ref random, length / 2, width)], length, width));
        }

        // 400 standard normal values: their mean has deviation 0.05, their mean square 0.071; five deviations and a little, p below 1e-6 together.
        Assert.InRange(whole.Average(), -0.26, 0.26);
        Assert.InRange(whole.Average(score => score * score), 0.62, 1.4);
        Assert.True(halves.Average() > 3, $"{halves.Average()}");
    }

    [Theory]
    [InlineData("padded")]
    [InlineData("copied")]
    public void Dead_and_copied_rows_do_not_cut_a_head(string how)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        const int blocks = 100, length = 32, width = 64;
        var scores = new List<double>();
        for (var block = 0; block < blocks; block++)
        {
            var values = Head(ref random, length, width);
            for (var row = 0; row < length; row++)
            {
                if (how == "padded" && row >= 3 * length / 4)
                {
                    values.AsSpan(row * width, width).Clear();
                }
                else if (how == "copied" && row % 2 == 1)
                {
                    values.AsSpan((row - 1) * width, width).CopyTo(values.AsSpan(row * width, width));
                }
            }

            scores.Add(Score(values, length, width));
        }

        // 100 standard normal values: their mean has deviation 0.1; five deviations, p below 1e-6.
        Assert.InRange(scores.Average(), -0.5, 0.5);
    }

    // Rows that share a few strong directions, each with a share of its own.
    private static float[] Head(ref CounterRandom random, int rows, int width)
    {
        const int directions = 3;
        var shared = PlantedUnits.Gaussian(ref random, directions * width);
        var values = PlantedUnits.Gaussian(ref random, rows * width);
        for (var row = 0; row < rows; row++)
        {
            var loads = PlantedUnits.Gaussian(ref random, directions);
            for (var at = 0; at < width; at++)
            {
                for (var direction = 0; direction < directions; direction++)
                {
                    values[(row * width) + at] += loads[direction] * shared[(direction * width) + at] / 2;
                }
            }
        }

        return values;
    }

    private static double Score(float[] values, int rows, int width)
    {
        var squares = new float[rows * rows];
        RowProducts.Multiply(values, rows, values, rows, width, squares);
        double Length(int row) => Math.Sqrt(squares[(row * rows) + row]);
        var cosines = new float[squares.Length];
        for (var at = 0; at < squares.Length; at++)
        {
            var lengths = Length(at / rows) * Length(at % rows);
            var cosine = lengths > 0 ? squares[at] / lengths : 0;
            cosines[at] = (float)(cosine * cosine);
        }

        return HeadPartition.Score(cosines, rows, 0, rows, rows / 2)!.Value;
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0
        ? [[]]
        : Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at => order[..at].Append(count - 1).Concat(order[at..]).ToArray()));
}
