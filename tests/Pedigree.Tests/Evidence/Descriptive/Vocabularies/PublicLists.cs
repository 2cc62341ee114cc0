using System.IO.Compression;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;
using Pedigree.Evidence.Descriptive;
using Pedigree.Tests.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive.Vocabularies;

/// <summary>Published token lists that may lie beside the repository.</summary>
internal static class PublicLists
{
    /// <summary>A model that has nothing but this list; skips the test where the lists are not at hand.</summary>
    /// <param name="file">Name in <c>data/vocab_gguf</c> or <c>data/tokenizers</c>, without the ending of its compression.</param>
    public static MemorySource Source(string file)
    {
        var path = new[] { "data/vocab_gguf", "data/tokenizers" }.Select(Descriptive.SharedData.Find).Where(folder => folder is not null)
            .SelectMany(folder => new[] { Path.Combine(folder!, file), Path.Combine(folder!, file + ".gz") }).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "The published token lists are not on this machine.");
        using var content = new MemoryStream();
        using (Stream stored = File.OpenRead(path))
        using (var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored)
        {
            plain.CopyTo(content);
        }

        if (!file.EndsWith(".gguf", StringComparison.Ordinal))
        {
            return new MemorySource().With(file.Contains("vocab", StringComparison.Ordinal) ? "vocab.json" : "tokenizer.json", content.ToArray());
        }

        using var folder = new TemporaryFolder();
        using var gguf = ShardFile.Open(folder.Write("list.gguf", content.ToArray()), ReadMode.Stream);
        return new MemorySource().With(GgufVocabulary.FileName, GgufVocabulary.Write(GgufHeaderReader.Read(gguf).Tokenizer));
    }

    /// <summary>The list by itself.</summary>
    public static Vocabulary Read(string file)
    {
        using var source = Source(file);
        return Vocabulary.Of(source)!;
    }
}
