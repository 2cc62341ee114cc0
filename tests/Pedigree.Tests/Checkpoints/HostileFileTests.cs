using System.Globalization;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Malicious, damaged and odd files from public collections, where they have been put beside the repository.</summary>
public class HostileFileTests
{
    private static readonly string? Folder = SharedData.Find("data/hostile");

    [Fact]
    public void Every_safetensors_and_gguf_file_is_read_or_refused_as_it_should_be()
    {
        foreach (var (path, container, verdict) in Files())
        {
            if (container is "safetensors" && verdict is "read")
            {
                ReadAll(path);
            }
            else if (container is "safetensors" or "gguf" or "text" or "raw")
            {
                Assert.Equal("refuse", verdict);
                AssertRefused(path);
            }
        }
    }

    [Fact]
    public void A_real_truncated_download_is_called_that()
    {
        var fault = AssertRefused(Path.Combine(Present(), "accidents", "all-MiniLM-L6-v2_truncated.safetensors"));

        Assert.Contains("the file has 851,968 bytes and its header describes 90,868,376 bytes, so it was cut short", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_path_name_committed_as_weights_is_called_that() =>
        Assert.Contains("reads like a path", AssertRefused(Path.Combine(Present(), "accidents", "path_name_as_model.safetensors")).Message, StringComparison.Ordinal);

    private static void ReadAll(string path)
    {
        using var source = Checkpoint.Open(path);
        foreach (var tensor in source.Tensors)
        {
            var bytes = new byte[tensor.Length];
            source.Read(tensor, 0, bytes);
            ElementDecoder.Decode(tensor.Type, bytes, new float[tensor.Count]);
        }

        Assert.Equal(source.TotalBytes, source.BytesRead);
    }

    private static CheckpointException AssertRefused(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains(Path.GetFileName(path), fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Hint);
        return fault;
    }

    private static IEnumerable<(string Path, string Container, string Verdict)> Files()
    {
        var folder = Present();
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            var path = Path.Combine(folder, cells[0]);
            Assert.Equal(long.Parse(cells[1], CultureInfo.InvariantCulture), new FileInfo(path).Length);
            yield return (path, cells[3], cells[4]);
        }
    }

    private static string Present()
    {
        Assert.SkipWhen(Folder is null, "There is no folder ../shared/data/hostile beside the repository.");
        return Folder!;
    }
}
