using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class ForeignFileTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db\nsize 90868376\n";

    private readonly TemporaryFolder folder = new();

    /// <summary>Name, first bytes as Latin-1, and what the message must say.</summary>
    public static TheoryData<string, string, string> Foreign => new()
    {
        { "model.safetensors", Pointer, "Git LFS pointer in place of the weights; it stands for 90,868,376 bytes with the digest sha256:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db" },
        { "model.safetensors", "version https://git-lfs.github.com/spec/v1\r\noid sha256:zz\r\nsize many\r\n", "Git LFS pointer in place of the weights." },
        { "model.pt", Pointer, "Git LFS pointer" },
        { "model.gguf", "FUGG\u0003\0\0\0\0\0\0\0", "GGUF in reverse" },
        { "model.gguf", "GUGF\u0003\0\0\0\0\0\0\0", "in no format that Pedigree knows" },
        { "ggml-model.bin", "lmgg\u0001\0\0\0", "GGML file" },
        { "model.h5", "\u0089HDF\r\n\u001a\n\0\0", "HDF5 file" },
        { "model.safetensors", "\u001f\u008b\u0008\0\0\0\0\0\0", "packed with gzip" },
        { "model.safetensors", "(\u00b5/\u00fd\0\0\0\0\0\0", "packed with Zstandard" },
        { "model.safetensors", "<!DOCTYPE html><html><head><title>404</title>", "web page" },
        { "pytorch_model.bin", "\n <html>\n<body>Too many requests</body>", "web page" },
        { "model.safetensors", "{\"error\": \"Repository not found\"}", "JSON text" },
        { "config.json", "{\"hidden_size\": 768}", "JSON text" },
        { "model.safetensors", "../../blobs/0f5b1e8d7c", "text that reads like a path" },
        { "model.safetensors", "Entry not found\n", "is text, not weights" },
        { "notes.txt", "Übung macht den Meister", "is text, not weights" },
        { "pytorch_model.bin", "cmod\n\u00f8\n", "in no format that Pedigree knows" },
        { "weights.dat", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009", "in no format that Pedigree knows" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Another_format_is_named_and_refused(string name, string content, string expected)
    {
        var path = folder.Write(name, (name.EndsWith(".txt", StringComparison.Ordinal) ? Encoding.UTF8 : Encoding.Latin1).GetBytes(content));

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Hint);
    }

    [Fact]
    public void A_pointer_comes_with_the_way_to_fetch_the_weights()
    {
        var path = folder.Write("model.safetensors", Encoding.ASCII.GetBytes(Pointer));

        Assert.Contains("git lfs pull", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.bin")]
    [InlineData("0f5b1e8d7c")]
    [InlineData("model.gguf")]
    public void Content_decides_not_the_name(string name)
    {
        var path = folder.Join(name);
        Samples.WriteOne(path, "w");

        using var source = Checkpoint.Open(path);

        Assert.Single(source.Tensors);
    }

    [Fact]
    public void A_folder_with_another_format_names_it()
    {
        folder.Write("config.json", "{}"u8);
        folder.Write("model.h5", [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A, 0]);

        Assert.Contains("HDF5 file", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }
}
