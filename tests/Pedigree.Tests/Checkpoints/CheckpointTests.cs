using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ReadMode.Auto)]
    [InlineData(ReadMode.MemoryMap)]
    [InlineData(ReadMode.Stream)]
    public void A_written_file_reads_back(ReadMode mode)
    {
        var path = folder.Join("any name.safetensors");
        SafetensorsWriter.Write(
            path,
            [("b", ElementType.F16, [2, 2], Samples.Bytes(8)), ("a", ElementType.F32, [3], Samples.Bytes(12)), ("ü \"x\"", ElementType.F8E4M3, [], Samples.Bytes(1)), ("empty", ElementType.BF16, [0, 7], default)],
            new Dictionary<string, string> { ["format"] = "pt" });

        using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = mode });

        Assert.Equal(path, source.Address);
        Assert.Equal([path], source.Shards);
        Assert.Equal(["a", "b", "empty", "ü \"x\""], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2L, 2L], source.Tensors[1].Shape.AsEnumerable());
        Assert.Equal(ElementType.F8E4M3, source.Tensors[3].Type);
        Assert.Equal(1, source.Tensors[3].Count);
        Assert.Equal("pt", source.Metadata["format"]);
        Assert.Equal(21, source.TotalBytes);
        Assert.Equal(0, source.BytesRead);
        foreach (var tensor in source.Tensors)
        {
            var bytes = new byte[tensor.Length];
            source.Read(tensor, 0, bytes);
            Assert.Equal(Samples.Bytes((int)tensor.Length).ToArray(), bytes);
        }

        Assert.Equal(21, source.BytesRead);
        var part = new byte[3];
        source.Read(source.Tensors[0], 5, part);
        Assert.Equal(Samples.Bytes(12).Slice(5, 3).ToArray(), part);
        Assert.Equal(24, source.BytesRead);
    }

    [Fact]
    public void A_folder_opens_with_its_side_files()
    {
        Samples.WriteOne(folder.Join("model.safetensors"), "w");
        Samples.WriteOne(folder.Join("other.safetensors"), "x");
        folder.Write("config.json", "{}"u8);
        folder.Write("README.md", "# hello"u8);
        folder.Write("secrets.json", "{}"u8);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(["w"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["README.md", "config.json"], source.SideFiles.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("# hello", Encoding.UTF8.GetString(source.SideFiles["README.md"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.safetensors.index.json")]
    public void An_index_leads_to_its_shards(string opened)
    {
        Samples.WriteOne(folder.Join("model-00001-of-00002.safetensors"), "b");
        Samples.WriteOne(folder.Join("model-00002-of-00002.safetensors"), "a");
        Samples.WriteOne(folder.Join("unrelated.safetensors"), "c");
        folder.Write(
            "model.safetensors.index.json",
            """{"metadata":{"total_size":16},"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00001-of-00002.safetensors"}}"""u8);

        using var source = Checkpoint.Open(folder.Join(opened));

        Assert.Equal(["a", "b"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 0], source.Tensors.Select(tensor => tensor.Shard));
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], source.Shards.Select(Path.GetFileName));
        Assert.Equal(2 * source.Tensors[0].Length, source.TotalBytes);
    }

    [Fact]
    public void Counted_shards_open_without_an_index()
    {
        Samples.WriteOne(folder.Join("model-00001-of-00002.safetensors"), "b");
        Samples.WriteOne(folder.Join("model-00002-of-00002.safetensors"), "a");

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(["a", "b"], source.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void The_only_weights_of_a_folder_open_whatever_their_name()
    {
        Samples.WriteOne(folder.Join("adapter_model.safetensors"), "w");
        folder.Write("._adapter_model.safetensors", "left by a file manager"u8);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Single(source.Tensors);
    }
}
