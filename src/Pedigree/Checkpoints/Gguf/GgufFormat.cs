using System.Buffers.Binary;
using System.Globalization;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Names and limits of the GGUF format (docs/gguf.md of ggml), versions 1 to 3 in either byte order: magic, version, counts, metadata, tensors, then the aligned data.</summary>
internal sealed class GgufFormat : ICheckpointFormat
{
    /// <summary>The magic, read as a little-endian number.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>The magic as newer writers put it into a big-endian file.</summary>
    public const uint ReversedMagic = 0x47475546;

    /// <summary>Greatest number of dimensions, as in ggml.</summary>
    public const int DimensionLimit = 4;

    /// <summary>Greatest number of tensors in one file; a hundred times that of the largest published models.</summary>
    public const int TensorLimit = 1_000_000;

    /// <summary>Greatest number of keys in one file; published models have a few dozen.</summary>
    public const int KeyLimit = 65_536;

    private GgufFormat()
    {
    }

    /// <summary>The format.</summary>
    public static GgufFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "GGUF";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".gguf"];

    /// <inheritdoc/>
    public bool OnePartOpensAll => true;

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) is Magic or ReversedMagic;

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint)
    {
        var headers = checkpoint.Files.Select(GgufHeaderReader.Read).ToArray();
        for (var i = 0; i < headers.Length && headers.Length > 1; i++)
        {
            // Parts count themselves from 0 in their metadata and from 1 in their names.
            var (number, count) = (headers[i].Number("split.no"), headers[i].Number("split.count"));
            if ((number ?? i) != i || (count ?? headers.Length) != headers.Length)
            {
                throw GgufFault.SplitNumber(checkpoint.Files[i].Path, Part((number ?? i) + 1, count ?? headers.Length), Part(i + 1, headers.Length));
            }
        }

        if (headers.All(header => header.Tensors.IsEmpty))
        {
            throw GgufFault.NoTensors(checkpoint.Files[0].Path, headers.Any(header => header.Tokenizer.Tokens.Count > 0));
        }

        return new GgufSource(checkpoint, headers);
    }

    private static string Part(long number, long count) => string.Create(CultureInfo.InvariantCulture, $"{number} of {count}");
}
