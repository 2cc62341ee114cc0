using System.Globalization;
using System.IO.Compression;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

/// <summary>Real GGUF files, where they have been put beside the repository.</summary>
public sealed class RealGgufTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("FP16", 1.0000)]
    [InlineData("Q5_0", 0.9991)]
    [InlineData("Q5_1", 0.9993)]
    public void A_quantised_copy_is_as_near_to_its_original_as_its_makers_say(string type, double cosine)
    {
        var models = Present("data/models/rwkv");
        using var copy = Checkpoint.Open(Path.Combine(models, $"tiny-rwkv-5v1-730K-{type}.gguf"));
        using var original = Checkpoint.Open(Path.Combine(models, "tiny-rwkv-5v1-730K-FP32.safetensors"));
        var twins = original.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var cosines = new List<double>();
        foreach (var tensor in copy.Tensors.Where(tensor => tensor.Shape.Length == 2 && tensor.Shape.All(size => size > 1)))
        {
            var (a, b) = (LlamaConverter.Read(copy, tensor), LlamaConverter.Read(original, twins[tensor.Name]));
            Assert.Equal(a.Length, b.Length);
            cosines.Add(a.Zip(b).Sum(pair => (double)pair.First * pair.Second) / Math.Sqrt(a.Sum(value => (double)value * value) * b.Sum(value => (double)value * value)));
        }

        // The published figure is a mean over learned matrices, given to four places.
        Assert.True(cosines.Count > 80);
        Assert.InRange(cosines.Average(), cosine - 0.0005, 1.00001);
        Assert.Equal(type is "FP16" ? null : type, copy.Tensors.First(tensor => tensor.Name.EndsWith("ffn.key.weight", StringComparison.Ordinal)).Encoding);
    }

    [Fact]
    public void Every_vocabulary_is_read_whole()
    {
        var path = Present("data/vocab_gguf");
        foreach (var line in File.ReadLines(Path.Combine(path, "files.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            if (cells[3] is not ("1" or "3"))
            {
                continue;
            }

            var header = Header(Path.Combine(path, cells[0]));
            Assert.Equal(uint.Parse(cells[3], CultureInfo.InvariantCulture), header.Version);
            Assert.Equal(int.Parse(cells[7], CultureInfo.InvariantCulture), header.Tokenizer.Tokens.Count);
            Assert.Equal(cells[5], header.Metadata["tokenizer.ggml.model"]);
            Assert.Equal(header.Tokenizer.Tokens, VocabularyParser.Tokenizer(GgufVocabulary.Write(header.Tokenizer))!.Tokens.DistinctBy(token => token.Id).OrderBy(token => token.Id).Select(token => token.Token));
            Assert.Equal(int.Parse(cells[8], CultureInfo.InvariantCulture), header.Tokenizer.Merges.Count);
        }
    }

    [Fact]
    public void A_vocabulary_joins_tokens_with_that_of_another_container()
    {
        var gguf = Present("data/vocab_gguf");
        var header = Header(Path.Combine(gguf, "ggml-vocab-gpt-2.gguf.gz"));
        using var zipped = new GZipStream(File.OpenRead(Path.Combine(Present("data/tokenizers"), "gpt2_vocab.json.gz")), CompressionMode.Decompress);
        using var json = new MemoryStream();
        zipped.CopyTo(json);
        Directory.CreateDirectory(folder.Join("other"));
        File.WriteAllBytes(folder.Join("other/vocab.json"), json.ToArray());
        Samples.WriteOne(folder.Join("other/model.safetensors"), "w");
        var file = new GgufFile().Texts("tokenizer.ggml.tokens", [.. header.Tokenizer.Tokens]).Tensor("w", 0, [8], new byte[32]);
        using var one = Checkpoint.Open(folder.Write("model.gguf", file.ToArray()));
        using var two = Checkpoint.Open(folder.Join("other"));

        var (a, b) = TokenJoin.ByToken(one, two, 50257, 50257)!.Value;

        Assert.Equal(50257, a.Length);
        Assert.Equal(a, b);
    }

    private GgufHeader Header(string path)
    {
        if (path.EndsWith(".gz", StringComparison.Ordinal))
        {
            var unpacked = folder.Join("unpacked.gguf");
            using (var zipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
            using (var to = File.Create(unpacked))
            {
                zipped.CopyTo(to);
            }

            path = unpacked;
        }

        using var file = ShardFile.Open(path, ReadMode.Stream);
        return GgufHeaderReader.Read(file);
    }

    private static string Present(string name)
    {
        var found = SharedData.Find(name);
        Assert.SkipWhen(found is null, $"There is no folder ../shared/{name} beside the repository.");
        return found!;
    }
}
