using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Pedigree.Checkpoints;

/// <summary>Names and limits of the safetensors format (https://github.com/huggingface/safetensors, section "Format"): 8 bytes of little-endian header length, a JSON header, then the tensors' bytes without gaps.</summary>
internal sealed class SafetensorsFormat : ICheckpointFormat
{
    /// <summary>Bytes of the header length at the start of a file.</summary>
    public const int PrefixLength = 8;

    /// <summary>Greatest header that the reference implementation accepts, in bytes.</summary>
    public const int HeaderLimit = 100_000_000;

    /// <summary>Greatest number of dimensions read; no framework makes tensors of more.</summary>
    public const int DimensionLimit = 64;

    /// <summary>Greatest number of tensors in one file; a hundred times that of the largest published models.</summary>
    public const int TensorLimit = 1_000_000;

    /// <summary>The entry of the header that holds free text instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The field of a tensor's entry that names the element type.</summary>
    public const string TypeKey = "dtype";

    /// <summary>The field of a tensor's entry that holds the dimensions, slowest first.</summary>
    public const string ShapeKey = "shape";

    /// <summary>The field of a tensor's entry that holds first byte and end, counted from the end of the header.</summary>
    public const string OffsetsKey = "data_offsets";

    private SafetensorsFormat()
    {
    }

    /// <summary>The format.</summary>
    public static SafetensorsFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "safetensors";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".safetensors"];

    /// <inheritdoc/>
    public string UsualName => "model.safetensors";

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) =>
        start.Length > PrefixLength && BinaryPrimitives.ReadUInt64LittleEndian(start) <= HeaderLimit && start[PrefixLength] == (byte)'{';

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint)
    {
        var headers = new List<SafetensorsHeader>();
        foreach (var file in checkpoint.Files)
        {
            headers.Add(SafetensorsHeaderParser.Read(file, headers.Count));
        }

        checkpoint.Layout.Index?.CheckAgainst(checkpoint, [.. headers.Select(header => header.Tensors)]);
        return new SafetensorsSource(checkpoint, headers);
    }
}

/// <summary>What a file's header says, after every claim has been checked against the file's length.</summary>
/// <param name="Tensors">The tensors, in order of their bytes.</param>
/// <param name="Metadata">The file's free text.</param>
internal sealed record SafetensorsHeader(ImmutableArray<StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);
