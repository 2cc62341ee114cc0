using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Pedigree.Checkpoints;

/// <summary>Writes named tensors as a safetensors file.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file, replacing one that exists. Wider elements come first and the header is padded, so that every tensor is aligned to its element; otherwise tensors are in ordinal order of their names, so equal content gives equal bytes.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="tensors">The tensors; Data holds product(Shape) little-endian elements of the type.</param>
    /// <param name="metadata">Free text for the <c>__metadata__</c> map; written in ordinal order of its keys.</param>
    /// <exception cref="ArgumentException">A name is used twice, reserved or no valid Unicode, there are more than 64 dimensions, a dimension is negative, or a tensor's data has not the length that its shape asks for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IReadOnlyList<(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Data)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        CheckTensors(tensors);
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var header = FormatHeader(ordered, metadata);

        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    private static void CheckTensors(IReadOnlyList<(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Data)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsFormat.MetadataKey };
        foreach (var (name, type, shape, data) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"the tensor name '{name}' is used twice or reserved", nameof(tensors));
            }

            if (!IsUnicode(name))
            {
                throw new ArgumentException("a tensor name is not valid Unicode", nameof(tensors));
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.Length, SafetensorsFormat.DimensionLimit, nameof(tensors));
            var bytes = (Int128)type.Size();
            foreach (var dimension in shape)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(tensors));
                bytes *= dimension;
                if (bytes > long.MaxValue)
                {
                    break;
                }
            }

            if (bytes != data.Length)
            {
                throw new ArgumentException($"tensor '{name}' has {data.Length} bytes, which do not fit its shape", nameof(tensors));
            }
        }
    }

    private static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    private static byte[] FormatHeader(
        List<(string Name, ElementType Type, long[] Shape, ReadOnlyMemory<byte> Data)> tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsFormat.MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var (name, type, shape, data) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString(SafetensorsFormat.TypeKey, SafetensorsTypeNames.NameOf(type));
                json.WriteStartArray(SafetensorsFormat.ShapeKey);
                foreach (var dimension in shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray(SafetensorsFormat.OffsetsKey);
                json.WriteNumberValue(offset);
                offset += data.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padded = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(padded);
        return padded;
    }
}
