using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Descriptive;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Anatomy;

/// <summary>Views with blocks of rows or columns, against the plain rule of indices.</summary>
public class TensorViewTests
{
    [Fact]
    public void Rows_of_blocks_are_read_as_the_rule_says_stored_either_way()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        for (var trial = 0; trial < 60; trial++)
        {
            var (periods, period, columns) = (1 + random.NextInt(6), 2 + random.NextInt(20), 1 + random.NextInt(30));
            var first = random.NextInt(period - 1);
            var count = 1 + random.NextInt(period - first);
            var stored = new float[periods * period * columns];
            for (var i = 0; i < stored.Length; i++)
            {
                stored[i] = i;
            }

            using var source = new MemorySource();
            var transposed = trial % 2 == 1;
            var tensor = transposed ? source.Add("t", stored, columns, periods * period) : source.Add("t", stored, periods * period, columns);
            var whole = transposed ? TensorView.Whole(tensor).Transposed() : TensorView.Whole(tensor);
            var view = whole.PeriodicRows(period, first, count);
            Assert.Equal((periods * count, columns), (view.Rows, view.Columns));
            float Expected(int row, int column)
            {
                var from = (row / count * period) + first + (row % count);
                return transposed ? (column * periods * period) + from : (from * columns) + column;
            }

            var (at, rows) = (random.NextInt(view.Rows), 0);
            rows = 1 + random.NextInt(view.Rows - at);
            var (left, width) = (random.NextInt(columns), 0);
            width = 1 + random.NextInt(columns - left);
            var reader = new WeightReader(source);
            var values = new float[rows * width];
            // A range of a range, and the same rows through columns of the transposed view.
            reader.ReadRows(view.RowRange(at, view.Rows - at).ColumnRange(left, width), 0, rows, values);
            var turned = new float[rows * width];
            reader.ReadRows(view.Transposed().ColumnRange(at, rows), left, width, turned);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    Assert.Equal(Expected(at + row, left + column), values[(row * width) + column]);
                    Assert.Equal(values[(row * width) + column], turned[(column * rows) + row]);
                }
            }
        }
    }

    [Fact]
    public void Ranges_outside_the_view_are_refused()
    {
        using var source = new MemorySource();
        var view = TensorView.Whole(source.Add("t", new float[48], 12, 4)).PeriodicRows(6, 2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.RowRange(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.PeriodicRows(6, 5, 2));
        Assert.Throws<InvalidOperationException>(() => view.PeriodicRows(3, 0, 2));
        Assert.Throws<ArgumentException>(() => new WeightReader(source).ReadRows(view, 5, 2, new float[8]));
    }
}
