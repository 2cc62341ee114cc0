using System.Buffers.Binary;
using System.Globalization;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>Finds the values of a tensor: raw bytes, numbers of a typed field, or another file.</summary>
/// <param name="folder">The folder of the model, in which other files lie.</param>
/// <param name="mode">How other files are opened.</param>
internal sealed class OnnxData(string folder, ReadMode mode) : IDisposable
{
    private readonly Dictionary<string, ShardFile> files = new(StringComparer.Ordinal);
    private readonly List<ShardFile> opened = [];

    /// <summary>The other files that were opened; whoever takes them disposes them.</summary>
    public IReadOnlyList<ShardFile> Opened => opened;

    /// <summary>The storage of a tensor, checked to hold exactly its values, and what was spoken for stays open.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The tensor's name, for messages.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="count">Number of its elements.</param>
    /// <exception cref="CheckpointException">The values are missing, too many or too few, or lie outside the folder.</exception>
    public Storage Find(ShardFile model, string name, OnnxTensor tensor, ElementType type, long count)
    {
        var needed = count * type.Size();
        var storage = tensor.IsExternal ? Outside(model, name, tensor, needed)
            : tensor.Raw is var (start, end) ? new FileStorage(model, start, end - start)
            : Typed(model, name, tensor, type, count);
        return storage.Length == needed ? storage : throw OnnxFault.Data(model.Path, name, needed, storage.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => opened.ForEach(file => file.Dispose());

    private FileStorage Outside(ShardFile model, string name, OnnxTensor tensor, long needed)
    {
        var location = Value(tensor, "location");
        if (!ShardIndex.StaysInside(location))
        {
            throw OnnxFault.LeavesFolder(model.Path, name, location);
        }

        if (!files.TryGetValue(location, out var file))
        {
            file = ShardFile.Open(Path.Combine(folder, location), mode);
            opened.Add(file);
            files.Add(location, file);
        }

        if (Number(tensor, "offset", 0) is not { } offset || Number(tensor, "length", needed) is not { } length)
        {
            throw OnnxFault.Reference(model.Path, name);
        }

        return offset <= file.Length && length <= file.Length - offset ? new FileStorage(file, offset, length) : throw OnnxFault.Outside(model.Path, name, location, file.Length);
    }

    private static string Value(OnnxTensor tensor, string key) =>
        tensor.External.Find(entry => string.Equals(entry.Key, key, StringComparison.Ordinal)) is (not null, var value) ? value : "";

    private static long? Number(OnnxTensor tensor, string key, long absent) =>
        Value(tensor, key) is not { Length: > 0 } text ? absent
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    // Which field holds which type: onnx.proto, comments of TensorProto. Floats and doubles lie there as in memory, the rest as variable-length numbers.
    private static Storage Typed(ShardFile model, string name, OnnxTensor tensor, ElementType type, long count)
    {
        var field = type switch
        {
            ElementType.F32 => 4,
            ElementType.F64 => 10,
            ElementType.I64 => 7,
            ElementType.U32 or ElementType.U64 => 11,
            _ => 5,
        };
        if (tensor.Packed.Exists(run => run.Field != field))
        {
            throw OnnxFault.DataKind(model.Path, name);
        }

        var isPlain = field is 4 or 10;
        if (isPlain && tensor.Packed is [var (_, start, end)])
        {
            return new FileStorage(model, start, end - start);
        }

        // A number takes a byte at least, so that no more is allocated than eight times what is there.
        var backed = tensor.Packed.Sum(run => run.End - run.Start);
        if (count > (isPlain ? backed / type.Size() : backed) || count * type.Size() > Array.MaxLength)
        {
            throw OnnxFault.Data(model.Path, name, count * type.Size(), backed);
        }

        var content = new byte[count * type.Size()];
        var used = isPlain ? CopyPlain(model, tensor, content) : CopyNumbers(model, tensor, type, content);
        return used == content.Length
            ? new HeldStorage(model, tensor.Packed.Count > 0 ? tensor.Packed[0].Start : 0, content, "protobuf")
            : throw OnnxFault.Data(model.Path, name, content.Length, used);
    }

    private static long CopyPlain(ShardFile model, OnnxTensor tensor, Span<byte> content)
    {
        long at = 0;
        foreach (var (_, start, end) in tensor.Packed)
        {
            if (end - start <= content.Length - at)
            {
                model.ReadDirectly(start, content.Slice((int)at, (int)(end - start)));
            }

            at += end - start;
        }

        return at;
    }

    private static long CopyNumbers(ShardFile model, OnnxTensor tensor, ElementType type, Span<byte> content)
    {
        var input = new WireInput(new FileWindow(model), model.Path);
        var size = type.Size();
        Span<byte> number = stackalloc byte[8];
        long at = 0;
        foreach (var (_, start, end) in tensor.Packed)
        {
            for (input.GoTo(start); input.Position < end; at += size)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, input.Variable(end));
                if (at < content.Length)
                {
                    number[..size].CopyTo(content[(int)at..]);
                }
            }
        }

        return at;
    }
}
