using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Pedigree.Checkpoints.Blocks;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Ggml;

/// <summary>Files of rwkv.cpp (its docs/FILE_FORMAT.md), versions 100 and 101: the magic <c>ggmf</c>, then tensors with their descriptions before them.</summary>
internal sealed class RwkvFormat : ICheckpointFormat
{
    private const uint Magic = 0x67676D66;
    private const int HeaderLength = 24;
    private const int DescriptionLength = 12;
    private const int MostDimensions = 3;
    private const int LongestName = 1024;

    // From version 101 on, blocks are those of GGUF.
    private const int FirstBlockVersion = 101;

    private RwkvFormat()
    {
    }

    /// <summary>The format.</summary>
    public static RwkvFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "ggmf of rwkv.cpp";

    /// <inheritdoc/>
    /// <remarks>Its files end in .bin. In a folder that ending stands for PyTorch; the bytes decide when a file is opened.</remarks>
    public IReadOnlyList<string> Extensions { get; } = [];

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) =>
        start.Length >= HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(start) == Magic && BinaryPrimitives.ReadInt32LittleEndian(start[4..]) is 100 or 101;

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint) => new StridedSource(checkpoint, [.. checkpoint.Files.SelectMany(Read)]);

    private static List<StridedTensor> Read(ShardFile file)
    {
        var window = new FileWindow(file);
        var version = BinaryPrimitives.ReadInt32LittleEndian(window.At(4, 4));
        var tensors = new List<StridedTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long position = HeaderLength;
        while (position < file.Length)
        {
            var tensor = ReadTensor(file, window, version, ref position);
            tensors.Add(names.Add(tensor.Name) ? tensor : throw GgmlFault.Damaged(file.Path, position));
        }

        return tensors.Count > 0 ? tensors : throw GgmlFault.Damaged(file.Path, position);
    }

    private static StridedTensor ReadTensor(ShardFile file, FileWindow window, int version, ref long position)
    {
        if (position > file.Length - DescriptionLength)
        {
            throw GgmlFault.Damaged(file.Path, position);
        }

        var description = window.At(position, DescriptionLength);
        var dimensions = BinaryPrimitives.ReadInt32LittleEndian(description);
        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(description[4..]);
        var type = BinaryPrimitives.ReadInt32LittleEndian(description[8..]);
        if (dimensions is < 1 or > MostDimensions || nameLength is < 1 or > LongestName || position > file.Length - DescriptionLength - (4 * dimensions) - nameLength)
        {
            throw GgmlFault.Damaged(file.Path, position);
        }

        var rest = window.At(position + DescriptionLength, (4 * dimensions) + nameLength);
        var shape = new long[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            // The fastest dimension comes first in the file.
            shape[dimensions - 1 - i] = BinaryPrimitives.ReadInt32LittleEndian(rest[(4 * i)..]);
        }

        var name = Encoding.UTF8.GetString(rest[(4 * dimensions)..]);
        position += DescriptionLength + rest.Length;
        return Place(file, version, name, type, [.. shape], ref position);
    }

    private static StridedTensor Place(ShardFile file, int version, string name, int type, ImmutableArray<long> shape, ref long position)
    {
        var count = StridedTensor.CountOf(shape, ElementType.F32) is > 0 and var found ? found : throw GgmlFault.Shape(file.Path, name);

        var encoding = version >= FirstBlockVersion ? BlocksOf(type) : null;
        var plain = type switch
        {
            0 => ElementType.F32,
            1 => ElementType.F16,
            _ => encoding is null ? throw GgmlFault.Type(file.Path, name, type) : ElementType.F32,
        };
        if (encoding is not null && shape[^1] % encoding.Values != 0)
        {
            throw GgmlFault.Rows(file.Path, name);
        }

        var length = encoding is null ? count * plain.Size() : count / encoding.Values * encoding.Bytes;
        if (length > file.Length - position)
        {
            throw GgmlFault.PastEnd(file.Path, name);
        }

        Storage storage = encoding is null ? new FileStorage(file, position, length) : new BlockStorage(file, position, count / encoding.Values, encoding);
        position += length;
        return StridedTensor.InOrder(name, plain, shape, storage);
    }

    private static BlockEncoding? BlocksOf(int type) => type switch
    {
        2 => new BlockEncoding<Q40>(),
        3 => new BlockEncoding<Q41>(),
        7 => new BlockEncoding<Q50>(),
        8 => new BlockEncoding<Q51>(),
        9 => new BlockEncoding<Q80>(),
        _ => null,
    };
}
