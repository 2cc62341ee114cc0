using System.Buffers.Binary;
using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class SafetensorsSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<ReadMode> Modes => [.. Enum.GetValues<ReadMode>()];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_range_outside_the_tensor_is_refused(ReadMode mode)
    {
        using var source = OpenTwo(mode);
        var tensor = source.Tensors[0];

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, -1, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, 9, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, 8, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, 0, new byte[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor, long.MaxValue, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Shard = 1 }, 0, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Shard = -1 }, 0, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Offset = -4 }, 0, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Offset = 1 << 20 }, 0, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(tensor with { Length = 1 << 20 }, 1 << 19, new byte[1]));
        Assert.Equal(0, source.BytesRead);
        source.Read(tensor, 8, []);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_file_that_changes_its_length_is_noticed(ReadMode mode)
    {
        var path = folder.Join("model.safetensors");
        using var source = OpenTwo(mode);
        source.Read(source.Tensors[0], 0, new byte[8]);

        SetLength(path, 40);
        var cut = Assert.Throws<CheckpointException>(() => source.Read(source.Tensors[1], 0, new byte[8]));
        SetLength(path, 4000);
        var grown = Assert.Throws<CheckpointException>(() => source.Read(source.Tensors[1], 0, new byte[8]));

        Assert.Contains("changed while it was in use (tensor 'b')", cut.Message, StringComparison.Ordinal);
        Assert.Contains("has 40 bytes", cut.Message, StringComparison.Ordinal);
        Assert.Contains("has 4,000 bytes", grown.Message, StringComparison.Ordinal);
        Assert.Equal("b", cut.Tensor);
        Assert.Equal(path, cut.File);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_file_put_in_its_place_is_not_mistaken_for_it(ReadMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file be replaced.");
        var path = folder.Join("model.safetensors");
        using var source = OpenTwo(mode);
        SafetensorsWriter.Write(folder.Join("new"), [("a", ElementType.F32, [2], new byte[8]), ("b", ElementType.F32, [2], new byte[8])]);
        File.Move(folder.Join("new"), path, overwrite: true);

        var bytes = new byte[8];
        source.Read(source.Tensors[0], 0, bytes);

        Assert.Equal(Samples.Bytes(8).ToArray(), bytes);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_closed_checkpoint_reads_no_more(ReadMode mode)
    {
        var source = OpenTwo(mode);
        source.Read(source.Tensors[0], 0, new byte[8]);
        source.Dispose();
        source.Dispose();

        Assert.Throws<ObjectDisposedException>(() => source.Read(source.Tensors[0], 0, new byte[8]));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Many_threads_read_the_right_bytes_and_all_are_counted(ReadMode mode)
    {
        var data = new byte[1 << 20];
        new Random(3).NextBytes(data);
        var path = folder.Join("model.safetensors");
        SafetensorsWriter.Write(path, [("w", ElementType.U8, [data.Length], data)]);
        using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = mode });

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var offset = i * 523;
            var bytes = new byte[500];
            source.Read(source.Tensors[0], offset, bytes);
            Assert.True(data.AsSpan(offset, 500).SequenceEqual(bytes));
        });

        Assert.Equal(2000 * 500, source.BytesRead);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Closing_while_others_read_ends_their_reads_without_harm(ReadMode mode)
    {
        for (var round = 0; round < 20; round++)
        {
            var source = OpenTwo(mode);
            Parallel.For(0, 8, i =>
            {
                try
                {
                    var bytes = new byte[8];
                    for (var k = 0; k < 200; k++)
                    {
                        source.Read(source.Tensors[0], 0, bytes);
                        Assert.Equal(Samples.Bytes(8).ToArray(), bytes);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // Expected of those that come late.
                }

                if (i == 4)
                {
                    source.Dispose();
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_sparse_file_of_many_gigabytes_opens_at_once_and_reads_at_its_end(ReadMode mode)
    {
        const long rows = 5L << 30;
        var header = Encoding.UTF8.GetBytes($$$"""{"w":{"dtype":"F32","shape":[{{{rows}}},2],"data_offsets":[0,{{{rows * 8}}}]}}""");
        var path = folder.Join("model.safetensors");
        using (var stream = File.Create(path))
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            stream.Write(prefix);
            stream.Write(header);
            try
            {
                stream.SetLength(8 + header.Length + (rows * 8));
            }
            catch (IOException)
            {
                Assert.Skip("This file system cannot hold a sparse file of 40 GB.");
            }

            stream.Seek(-4, SeekOrigin.End);
            stream.Write(BitConverter.GetBytes(1.5f));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = mode });
        var bytes = new byte[8];
        source.Read(source.Tensors[0], (rows * 8) - 8, bytes);

        Assert.Equal(rows * 2, source.Tensors[0].Count);
        Assert.Equal(rows * 8, source.TotalBytes);
        Assert.Equal(1.5f, BitConverter.ToSingle(bytes, 4));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void SetLength(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(length);
    }

    private ITensorSource OpenTwo(ReadMode mode)
    {
        var path = folder.Join("model.safetensors");
        SafetensorsWriter.Write(path, [("a", ElementType.F32, [2], Samples.Bytes(8)), ("b", ElementType.F32, [2], Samples.Bytes(8))]);
        return Checkpoint.Open(path, new CheckpointOptions { ReadMode = mode });
    }
}
