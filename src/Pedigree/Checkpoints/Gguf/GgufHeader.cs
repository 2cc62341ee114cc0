using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>What the header of one GGUF file says, after every claim has been checked against the file's length.</summary>
/// <param name="Version">1, 2 or 3.</param>
/// <param name="BigEndian">Whether numbers and tensors are big-endian.</param>
/// <param name="Metadata">The keys with scalar values, and short arrays joined by commas, as text.</param>
/// <param name="Tokenizer">The lists of the tokenizer.</param>
/// <param name="Tensors">The tensors in order of their bytes.</param>
/// <param name="SlackBytes">Bytes between and behind the tensors that alignment does not explain.</param>
internal sealed record GgufHeader(
    uint Version, bool BigEndian, IReadOnlyDictionary<string, string> Metadata, GgufTokenizer Tokenizer, ImmutableArray<GgufEntry> Tensors, long SlackBytes)
{
    /// <summary>The architecture that the file names, such as <c>llama</c>; empty if it names none.</summary>
    public string Architecture => Metadata.GetValueOrDefault("general.architecture", "");

    /// <summary>A whole number in the metadata, or null.</summary>
    public long? Number(string key) =>
        Metadata.TryGetValue(key, out var text) && long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>A tensor of a GGUF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">The dimensions, slowest first; the file has them the other way round.</param>
/// <param name="Offset">Position of its first byte in the file.</param>
/// <param name="Count">Number of values.</param>
/// <param name="StoredLength">Bytes that it takes.</param>
internal sealed record GgufEntry(string Name, GgufType Type, ImmutableArray<long> Shape, long Offset, long Count, long StoredLength);
