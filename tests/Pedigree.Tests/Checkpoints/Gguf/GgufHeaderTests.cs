using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

public sealed class GgufHeaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> Broken => new()
    {
        { "version 4", "is GGUF version 4, which Pedigree does not know" },
        { "version 0", "is GGUF version 0" },
        { "reversed magic, little-endian", "has the magic of GGUF in reverse" },
        { "key twice", "has the key 'a.b' twice, with different values" },
        { "name twice", "tensor 'w' is named twice" },
        { "alignment 0", "has the alignment '0', which is not a power of two" },
        { "alignment 48", "has the alignment '48'" },
        { "alignment text", "has the alignment 'thirty-two'" },
        { "five dimensions", "has 5 dimensions, more than the 4" },
        { "row not whole", "has rows of 33 values, which blocks of 32 values (Q8_0) do not fill" },
        { "IQ2_XXS", "has the type IQ2_XXS, which Pedigree does not read" },
        { "removed type", "has the type Q4_2, which Pedigree does not read" },
        { "unknown type", "has the type 9,999, which the format does not define" },
        { "overflow", "whose size in bytes overflows 63 bits" },
        { "cut", "so it was cut short" },
        { "offset", "which is no multiple of the alignment 32" },
        { "overlap", "tensor 'v' overlaps the bytes of tensor 'u'" },
        { "no tensor", "holds no tensor" },
        { "vocabulary", "holds a vocabulary and no tensor" },
        { "bad key", "holds a key that is not valid Unicode" },
        { "bad name", "holds the name of a tensor that is not valid Unicode" },
        { "value type", "has a value of the unknown type 13 under 'a.b'" },
        { "tensor count", "claims 18,446,744,073,709,551,615 tensors" },
        { "magic alone", "ends inside the version that begins at byte 4" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_header_is_named(string what, string expected)
    {
        var path = folder.Write("model.gguf", Build(what));

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.gguf", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Hint);
    }

    [Fact]
    public void Data_that_belong_to_no_tensor_are_a_finding()
    {
        byte[] file = [.. new GgufFile().Tensor("w", 0, [8], new byte[32]).ToArray(), .. new byte[100]];

        using var source = Checkpoint.Open(folder.Write("model.gguf", file));

        Assert.Contains(source.Findings, finding => finding.Id is "bytes-outside-tensors" && finding.Text.Contains("100 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Metadata_are_text_and_long_arrays_are_passed_over()
    {
        var file = new GgufFile()
            .Text("general.license", "apache-2.0").Text("general.base_model.0.name", "Base \u001b[31m").Numbers("llama.attention.head_count_kv", 8, 8, 0)
            .Text("general.license", "apache-2.0").Texts("tokenizer.ggml.merges", [.. Enumerable.Range(0, 5000).Select(i => $"a {i}")]).Texts("general.languages", "en", "fr")
            .Tensor("w", 0, [], new byte[4]);

        using var source = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));

        Assert.Equal("apache-2.0", source.Metadata["general.license"]);
        Assert.Equal("Base \u001b[31m", source.Metadata["general.base_model.0.name"]);
        Assert.Equal("8,8,0", source.Metadata["llama.attention.head_count_kv"]);
        Assert.Equal("en,fr", source.Metadata["general.languages"]);
        Assert.DoesNotContain("tokenizer.ggml.merges", source.Metadata.Keys);
        Assert.Empty(source.Tensors[0].Shape);
    }

    private static byte[] Build(string what)
    {
        var plain = new GgufFile().Tensor("w", 0, [8], new byte[32]);
        switch (what)
        {
            case "version 4": return new GgufFile { Version = 4 }.Tensor("w", 0, [8], new byte[32]).ToArray();
            case "version 0": return new GgufFile { Version = 0 }.Tensor("w", 0, [8], new byte[32]).ToArray();
            case "reversed magic, little-endian": return [.. "FUGG"u8, .. plain.ToArray()[4..]];
            case "key twice": return plain.Text("a.b", "1").Text("a.b", "2").ToArray();
            case "name twice": return plain.Tensor("w", 0, [8], new byte[32]).ToArray();
            case "alignment 0": return plain.Number("general.alignment", 0).ToArray();
            case "alignment 48": return plain.Number("general.alignment", 48).ToArray();
            case "alignment text": return plain.Text("general.alignment", "thirty-two").ToArray();
            case "five dimensions": return plain.Tensor("v", 0, [1, 1, 1, 1, 1], new byte[4]).ToArray();
            case "row not whole": return plain.Tensor("v", 8, [33], new byte[34]).ToArray();
            case "IQ2_XXS": return plain.Tensor("v", 16, [256], new byte[66]).ToArray();
            case "removed type": return plain.Tensor("v", 4, [32], new byte[20]).ToArray();
            case "unknown type": return plain.Tensor("v", 9999, [32], new byte[20]).ToArray();
            case "overflow": return plain.Tensor("v", 0, [1L << 40, 1L << 40], new byte[4]).ToArray();
            case "cut": return plain.Tensor("v", 0, [1000], new byte[100]).ToArray();
            case "offset": return Changed(plain.Tensor("v", 0, [8], new byte[32]).ToArray(), 32, 33);
            case "overlap": return Changed(new GgufFile().Tensor("u", 0, [16], new byte[64]).Tensor("v", 0, [8], new byte[32]).ToArray(), 64, 32);
            case "no tensor": return new GgufFile().Text("a.b", "1").ToArray();
            case "vocabulary": return new GgufFile().Texts("tokenizer.ggml.tokens", "a", "b").ToArray();
            case "bad key": return Replaced(plain.Text("a.b", "1").ToArray(), "a.b", [0xFF, 0x2E, 0x62]);
            case "bad name": return Replaced(new GgufFile().Tensor("name", 0, [8], new byte[32]).ToArray(), "name", [0x6E, 0xC3, 0x28, 0x65]);
            case "value type": return Changed(plain.Number("a.b", 77).ToArray(), 4, 13, bytes: 4);
            case "tensor count": return [.. plain.ToArray()[..8], .. Enumerable.Repeat((byte)0xFF, 8), .. plain.ToArray()[16..]];
            case "magic alone": return [.. "GGUF"u8, 3];
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    // Replaces the last number of a value, which in these files is the one meant.
    private static byte[] Changed(byte[] file, ulong from, ulong to, int bytes = 8)
    {
        var (old, next) = (BitConverter.GetBytes(from)[..bytes], BitConverter.GetBytes(to)[..bytes]);
        var at = file.AsSpan().LastIndexOf(old);
        next.CopyTo(file, at);
        return file;
    }

    private static byte[] Replaced(byte[] file, string old, byte[] next)
    {
        next.CopyTo(file, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(old)));
        return file;
    }
}
