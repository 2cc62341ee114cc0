using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Units;

public sealed class ModelReaderTests
{
    // Near columns are read with whole rows, far ones by themselves: 1,024 bytes lie within a page, 16,384 do not.
    [Theory]
    [InlineData(256, 40)]
    [InlineData(4096, 2)]
    [InlineData(4096, 300)]
    public void Columns_are_the_same_however_they_are_read(int neurons, int wanted)
    {
        var seed = PlantedUnits.FreshSeed();
        using var source = ModelFiles.ToSource(RandomDecoder.Create(
            new DecoderShape { Layers = 1, Width = 16, QueryHeads = 2, KeyValueHeads = 1, HeadWidth = 8, Neurons = neurons, Vocabulary = 32 }, seed));
        var model = new ModelReader(source, AnatomyReader.Read(source));
        var down = model.Find(new Role(Part.Down, 0))!;
        var whole = model.Rows(down, [.. Enumerable.Range(0, down.Rows)]);
        int[] seats = [.. new CounterRandom(seed, 3).Permutation(neurons)[..wanted].Order()];
        float[] expected = [.. seats.SelectMany(seat => Enumerable.Range(0, down.Rows).Select(row => whole[(row * down.Columns) + seat]))];
        Assert.Equal(expected, model.Columns(down, [.. Enumerable.Range(0, down.Rows)], seats));
    }
}
