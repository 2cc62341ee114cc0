using System.Collections.Immutable;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Storages;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Storages;

public sealed class StridedSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Any_layout_reads_as_the_definition_says_in_pieces_of_any_size()
    {
        var random = new Random(unchecked((int)PlantedUnits.FreshSeed()));
        for (var round = 0; round < 60; round++)
        {
            // A row-major array, seen through permuted dimensions, with every so many elements taken.
            var rank = random.Next(1, 5);
            var full = Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, 12)).ToArray();
            var step = Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, 4)).ToArray();
            var strides = StridedTensor.RowMajor([.. full]);
            var order = Enumerable.Range(0, rank).OrderBy(_ => random.Next()).ToArray();
            var shape = order.Select(i => (full[i] + step[i] - 1) / step[i]).ToImmutableArray();
            var seen = order.Select(i => strides[i] * step[i]).ToImmutableArray();
            var isBigEndian = random.Next(2) == 0;
            var bytes = new byte[4 * full.Aggregate(1L, (product, size) => product * size)];
            random.NextBytes(bytes);
            using var source = Open(bytes, shape, seen, isBigEndian);

            var expected = Expected(bytes, shape, seen, isBigEndian);
            var tensor = source.Tensors.Single();
            var read = new byte[tensor.Length];
            for (var at = 0; at < read.Length;)
            {
                var count = Math.Min(random.Next(1, 40), read.Length - at);
                source.Read(tensor, at, read.AsSpan(at, count));
                at += count;
            }

            Assert.Equal(expected, read);
        }
    }

    [Fact]
    public void A_transposed_matrix_of_many_tiles_is_read_once()
    {
        // 3,000 × 700 is two tiles.
        const int rows = 3000;
        const int columns = 700;
        var bytes = new byte[rows * columns * 4];
        new Random(5).NextBytes(bytes);
        using var source = Open(bytes, [rows, columns], [1, rows], false);

        var tensor = source.Tensors.Single();
        var read = new byte[tensor.Length];
        for (var row = 0; row < rows; row++)
        {
            source.Read(tensor, row * columns * 4L, read.AsSpan(row * columns * 4, columns * 4));
        }

        Assert.Equal(Expected(bytes, [rows, columns], [1, rows], false), read);
        Assert.Equal(bytes.Length, source.BytesRead);
    }

    [Fact]
    public void A_range_outside_the_tensor_is_refused()
    {
        using var source = Open(new byte[24], [2, 3], [1, 2], false);
        var tensor = source.Tensors.Single();

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, 20, new byte[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, -1, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Name = "other" }, 0, new byte[1]));
    }

    private StridedSource Open(byte[] bytes, ImmutableArray<long> shape, ImmutableArray<long> strides, bool isBigEndian)
    {
        var file = ShardFile.Open(folder.Write("data", bytes), ReadMode.Stream);
        Assert.Null(StridedBounds.Fault(shape, strides, 0, bytes.Length / 4));
        var files = new CheckpointFiles("data", new CheckpointLayout(folder.Path, ["data"], null), [file]);
        return new StridedSource(files, [new StridedTensor("w", ElementType.F32, shape, new FileStorage(file, 0, bytes.Length), 0, strides, isBigEndian)]);
    }

    private static byte[] Expected(byte[] bytes, ImmutableArray<long> shape, ImmutableArray<long> strides, bool isBigEndian)
    {
        var plain = StridedTensor.RowMajor(shape);
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var expected = new byte[count * 4];
        for (long i = 0; i < count; i++)
        {
            long from = 0;
            for (var d = 0; d < shape.Length; d++)
            {
                from += i / plain[d] % shape[d] * strides[d];
            }

            var value = bytes.AsSpan((int)from * 4, 4).ToArray();
            (isBigEndian ? value.Reverse() : value).ToArray().CopyTo(expected, i * 4);
        }

        return expected;
    }
}
