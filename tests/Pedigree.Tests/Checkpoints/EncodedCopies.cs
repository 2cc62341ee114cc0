using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;
using Pedigree.Tests.Checkpoints.Gguf;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Writes a trained model again in another encoding.</summary>
internal static class EncodedCopies
{
    /// <summary>Encodings that hold every value of a BF16 model.</summary>
    public static IReadOnlyList<string> Exact { get; } = ["safetensors F32", "safetensors BF16", "safetensors in shards", "GGUF F32", "GGUF BF16"];

    /// <summary>Encodings that round.</summary>
    public static IReadOnlyList<string> Lossy { get; } = ["safetensors F16", "GGUF F16", "GGUF Q8_0", "GGUF Q6_K", "GGUF Q4_K"];

    /// <summary>Writes a copy with its vocabulary.</summary>
    /// <param name="model">The folder of a model with 6 query heads in 2 groups, as those of the zoo have.</param>
    /// <param name="encoding">One of the above.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The path to open.</returns>
    public static string Write(string model, string encoding, string folder)
    {
        Directory.CreateDirectory(folder);
        using var source = Checkpoint.Open(model);
        var type = encoding.Split(' ')[^1];
        if (encoding.StartsWith("GGUF", StringComparison.Ordinal))
        {
            var tokens = VocabularyParser.Vocab(File.ReadAllBytes(Path.Combine(model, "vocab.json")))!.Tokens.OrderBy(token => token.Id).Select(token => token.Token).ToArray();
            var path = Path.Combine(folder, $"model-{type}.gguf");
            File.WriteAllBytes(path, LlamaConverter.Convert(source, type, 6, 2, tokens: tokens).ToArray());
            return path;
        }

        foreach (var name in new[] { "config.json", "vocab.json" })
        {
            File.Copy(Path.Combine(model, name), Path.Combine(folder, name));
        }

        var element = type is "shards" ? ElementType.BF16 : Enum.Parse<ElementType>(type);
        var tensors = source.Tensors.Select(tensor =>
            (tensor.Name, element, tensor.Shape.ToArray(), (ReadOnlyMemory<byte>)TestQuantiser.ElementBytes(element, LlamaConverter.Read(source, tensor)))).ToArray();
        if (type is not "shards")
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);
            return folder;
        }

        for (var shard = 0; shard < 3; shard++)
        {
            SafetensorsWriter.Write(Path.Combine(folder, $"weights-{shard + 1:D5}-of-00003.safetensors"), [.. tensors.Where((_, i) => i % 3 == shard)]);
        }

        return folder;
    }
}
