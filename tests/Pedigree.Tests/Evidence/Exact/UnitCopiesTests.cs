using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Evidence.Exact;

public sealed class UnitCopiesTests
{
    private const double Cosine = 0.7;

    [Theory]
    [InlineData(1)]
    [InlineData(191)]
    [InlineData(192)]
    [InlineData(421)]
    public void Copies_are_struck_as_by_looking_at_every_pair(int seats)
    {
        const int width = 24;
        var random = new CounterRandom(PlantedUnits.FreshSeed(), (ulong)seats);
        var group = PlantedUnits.Layer(ref random, 0, width, seats, 0);
        float[][] rows = [.. group.Views.Select(view => view.Reference)];
        for (var copy = 0; copy < seats / 8; copy++)
        {
            var (from, to) = (random.NextInt(seats), random.NextInt(seats));
            foreach (var view in rows)
            {
                view.AsSpan(from * width, width).CopyTo(view.AsSpan(to * width, width));
            }
        }

        foreach (var view in rows)
        {
            Standardisation.Rows(view, seats, width, new double[seats]);
        }

        var usable = Enumerable.Range(0, seats).Select(seat => seat % 11 != 5).ToArray();
        var expected = usable.ToArray();
        for (var i = 0; i < seats; i++)
        {
            for (var j = i + 1; j < seats && expected[i]; j++)
            {
                if (expected[j] && rows.Sum(view => Inner(view, i, j)) > Cosine * rows.Length)
                {
                    expected[rows[0][i * width] < rows[0][j * width] ? i : j] = false;
                }
            }
        }

        Assert.Equal(usable.Count(seat => seat) - expected.Count(seat => seat), UnitCopies.Strike(rows, group, usable, Cosine));
        Assert.Equal(expected, usable);

        double Inner(float[] view, int one, int two) => Enumerable.Range(0, width).Sum(at => (double)view[(one * width) + at] * view[(two * width) + at]);
    }
}
