using System.Runtime.InteropServices;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

public sealed class GgufSourceTests : IDisposable
{
    // Words of a block that a big-endian file reverses: offset and size by turns.
    private static readonly Dictionary<string, int[]> Words = new(StringComparer.Ordinal)
    {
        ["F64"] = [0, 8],
        ["F32"] = [0, 4],
        ["F16"] = [0, 2],
        ["BF16"] = [0, 2],
        ["I64"] = [0, 8],
        ["I32"] = [0, 4],
        ["I16"] = [0, 2],
        ["I8"] = [],
        ["Q4_0"] = [0, 2],
        ["Q4_1"] = [0, 2, 2, 2],
        ["Q5_0"] = [0, 2, 2, 4],
        ["Q5_1"] = [0, 2, 2, 2, 4, 4],
        ["Q8_0"] = [0, 2],
        ["Q8_1"] = [0, 2, 2, 2],
        ["Q2_K"] = [80, 2, 82, 2],
        ["Q3_K"] = [108, 2],
        ["Q4_K"] = [0, 2, 2, 2],
        ["Q5_K"] = [0, 2, 2, 2],
        ["Q6_K"] = [208, 2],
        ["Q8_K"] = [0, 4],
        ["IQ4_NL"] = [0, 2],
        ["IQ4_XS"] = [0, 2, 2, 2],
        ["TQ1_0"] = [52, 2],
        ["TQ2_0"] = [64, 2],
        ["MXFP4"] = [],
        ["NVFP4"] = [],
        ["Q1_0"] = [0, 2],
        ["Q2_0"] = [0, 2],
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, false, false, ReadMode.Auto)]
    [InlineData(2, false, false, ReadMode.Stream)]
    [InlineData(3, false, false, ReadMode.MemoryMap)]
    [InlineData(2, true, false, ReadMode.Auto)]
    [InlineData(3, true, false, ReadMode.Stream)]
    [InlineData(3, true, true, ReadMode.Auto)]
    public void Every_type_reads_as_what_it_stands_for(uint version, bool bigEndian, bool reversedMagic, ReadMode mode)
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new Random(unchecked((int)seed));
        var file = new GgufFile { Version = version, BigEndian = bigEndian, ReversedMagic = reversedMagic, Alignment = 64 }.Text("general.architecture", "test").Number("test.block_count", 7);
        var stored = new Dictionary<string, (string Type, byte[] Bytes)>(StringComparer.Ordinal);
        foreach (var (type, number) in TestQuantiser.Numbers)
        {
            var known = GgufType.Find(number)!;
            var (rows, blocks) = (random.Next(1, 5), random.Next(1, 4));
            var bytes = new byte[rows * blocks * known.Bytes];
            random.NextBytes(bytes);
            stored.Add($"t.{type}", (type, bytes));
            file.Tensor($"t.{type}", number, [rows, blocks * known.Values], bytes, (known.Bytes, Words[type]));
        }

        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()), new CheckpointOptions { ReadMode = mode });

        Assert.Equal("7", source.Metadata["test.block_count"]);
        Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(stored.Values.Sum(tensor => (long)tensor.Bytes.Length), source.TotalBytes);
        foreach (var tensor in source.Tensors)
        {
            var (type, bytes) = stored[tensor.Name];
            var known = GgufType.Find(TestQuantiser.Numbers[type])!;
            Assert.Equal(known.Plain is null ? type : null, tensor.Encoding);
            Assert.Equal(bytes.Length, tensor.StoredLength);
            byte[] expected = known.Plain is null ? [.. MemoryMarshal.AsBytes(TestQuantiser.Values(type, bytes).AsSpan())] : bytes;
            Assert.Equal(expected.Length, tensor.Length);
            Assert.Equal(tensor.Length, tensor.Shape[0] * tensor.Shape[1] * tensor.Type.Size());
            var before = source.BytesRead;
            Assert.Equal(expected, ReadAt(source, tensor, 0, expected.Length));
            Assert.Equal(bytes.Length, source.BytesRead - before);
            for (var i = 0; i < 20; i++)
            {
                var first = random.Next(expected.Length);
                var count = random.Next(expected.Length - first + 1);
                Assert.Equal(expected.AsSpan(first, count).ToArray(), ReadAt(source, tensor, first, count));
            }
        }
    }

    [Fact]
    public void Reading_one_row_of_blocks_reads_that_row_alone()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        var values = PlantedUnits.Gaussian(ref random, 40 * 512);
        var path = folder.Write("model.gguf", new GgufFile().Tensor("w", 12, [40, 512], TestQuantiser.Store("Q4_K", values)).ToArray());

        using var source = Checkpoint.Open(path);
        ReadAt(source, source.Tensors[0], 7 * 512 * 4, 512 * 4);

        Assert.Equal(2 * 144, source.BytesRead);
        Assert.Equal(40 * 2 * 144, source.TotalBytes);
    }

    [Fact]
    public void A_long_read_of_blocks_takes_no_memory_of_its_length()
    {
        var path = folder.Write("model.gguf", new GgufFile().Tensor("w", 8, [4096, 1024], new byte[4096 * 32 * 34]).ToArray());
        using var source = Checkpoint.Open(path);
        var destination = new byte[source.Tensors[0].Length];
        source.Read(source.Tensors[0], 0, destination);

        var before = GC.GetAllocatedBytesForCurrentThread();
        source.Read(source.Tensors[0], 0, destination);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void A_range_outside_the_tensor_is_refused()
    {
        using var source = Checkpoint.Open(folder.Write("model.gguf", new GgufFile().Tensor("w", 8, [32], new byte[34]).ToArray()));
        var tensor = source.Tensors[0];

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, 1, new byte[128]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, -1, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Name = "other" }, 0, new byte[1]));
    }

    private static byte[] ReadAt(ITensorSource source, StoredTensor tensor, long first, int count)
    {
        var bytes = new byte[count];
        source.Read(tensor, first, bytes);
        return bytes;
    }
}
