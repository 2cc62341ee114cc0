using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace Pedigree.Checkpoints;

/// <summary>Reads the JSON header of one safetensors file and believes nothing that the file's length does not bear out.</summary>
internal sealed class SafetensorsHeaderParser
{
    // The format needs three levels; fields that it does not define may go a little deeper before they are refused.
    private const int DeepestLevel = 16;

    private readonly string file;
    private readonly int shard;
    private readonly long fileLength;
    private readonly long dataStart;
    private readonly List<StoredTensor> tensors = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private Dictionary<string, string>? metadata;

    private SafetensorsHeaderParser(string file, int shard, long fileLength, long dataStart)
    {
        this.file = file;
        this.shard = shard;
        this.fileLength = fileLength;
        this.dataStart = dataStart;
    }

    /// <summary>Reads and checks the header of a file.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="shard">Its index among the checkpoint's shards.</param>
    /// <exception cref="CheckpointException">The header is not as the format asks, or does not fit the file.</exception>
    public static SafetensorsHeader Read(ShardFile file, int shard)
    {
        if (file.Length < SafetensorsFormat.PrefixLength)
        {
            throw SafetensorsFault.TooShort(file.Path, file.Length);
        }

        Span<byte> prefix = stackalloc byte[SafetensorsFormat.PrefixLength];
        file.ReadDirectly(0, prefix);

        // Compared as unsigned numbers: a length of 2^63 or more must not turn negative and pass.
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(file.Length - SafetensorsFormat.PrefixLength))
        {
            throw SafetensorsFault.HeaderPastEnd(file.Path, headerLength, file.Length);
        }

        if (headerLength > SafetensorsFormat.HeaderLimit)
        {
            throw SafetensorsFault.HeaderTooLong(file.Path, headerLength);
        }

        var json = new byte[headerLength];
        file.ReadDirectly(SafetensorsFormat.PrefixLength, json);
        return new SafetensorsHeaderParser(file.Path, shard, file.Length, SafetensorsFormat.PrefixLength + json.Length).Parse(json);
    }

    private SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw SafetensorsFault.HeaderStart(file);
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 * DeepestLevel });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Text(ref reader);
                reader.Read();
                if (name is SafetensorsFormat.MetadataKey)
                {
                    ReadMetadata(ref reader);
                }
                else
                {
                    ReadTensor(ref reader, name);
                }
            }

            // Only blanks may follow; anything else makes the reader throw.
            reader.Read();
        }
        catch (JsonException)
        {
            throw SafetensorsFault.HeaderNotJson(file, SafetensorsFormat.PrefixLength + reader.BytesConsumed);
        }

        CheckLayout();
        return new SafetensorsHeader([.. tensors], metadata ?? []);
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (metadata is not null)
        {
            throw SafetensorsFault.MetadataTwice(file);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw SafetensorsFault.MetadataNotObject(file);
        }

        metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw SafetensorsFault.MetadataNotText(file, key);
            }

            if (!metadata.TryAdd(key, Text(ref reader)))
            {
                throw SafetensorsFault.MetadataKeyTwice(file, key);
            }
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (!names.Add(name))
        {
            throw SafetensorsFault.NameTwice(file, name);
        }

        if (names.Count > SafetensorsFormat.TensorLimit)
        {
            throw SafetensorsFault.TooManyTensors(file);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw SafetensorsFault.EntryNotObject(file, name);
        }

        ElementType? type = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Text(ref reader);
            reader.Read();
            switch (field)
            {
                case SafetensorsFormat.TypeKey:
                    type = type is null ? ReadType(ref reader, name) : throw SafetensorsFault.FieldTwice(file, name, field);
                    break;
                case SafetensorsFormat.ShapeKey:
                    shape = shape is null ? ReadNumbers(ref reader, name, field) : throw SafetensorsFault.FieldTwice(file, name, field);
                    break;
                case SafetensorsFormat.OffsetsKey:
                    offsets = offsets is null ? ReadNumbers(ref reader, name, field) : throw SafetensorsFault.FieldTwice(file, name, field);
                    break;
                default:
                    Skip(ref reader);
                    break;
            }
        }

        tensors.Add(Locate(
            name,
            type ?? throw SafetensorsFault.FieldMissing(file, name, SafetensorsFormat.TypeKey),
            shape ?? throw SafetensorsFault.FieldMissing(file, name, SafetensorsFormat.ShapeKey),
            offsets ?? throw SafetensorsFault.FieldMissing(file, name, SafetensorsFormat.OffsetsKey)));
    }

    private StoredTensor Locate(string name, ElementType type, ImmutableArray<long> shape, ImmutableArray<long> offsets)
    {
        if (offsets is not [var begin, var end])
        {
            throw SafetensorsFault.OffsetsNotPair(file, name);
        }

        if (begin > end)
        {
            throw SafetensorsFault.OffsetsReversed(file, name, begin, end);
        }

        var needed = (Int128)type.Size();
        foreach (var dimension in shape)
        {
            needed *= dimension;
            if (needed > long.MaxValue)
            {
                throw SafetensorsFault.ShapeOverflow(file, name, shape);
            }
        }

        return needed == end - begin
            ? new StoredTensor(name, type, shape, shard, begin, end - begin)
            : throw SafetensorsFault.SizeMismatch(file, name, type, shape, (long)needed, end - begin);
    }

    // Tensors must tile the data: from its first byte to its last, without overlap or gap. Nothing can hide between them.
    private void CheckLayout()
    {
        var dataLength = fileLength - dataStart;
        tensors.Sort(static (a, b) => (a.Offset, a.Length).CompareTo((b.Offset, b.Length)));
        if (tensors.MaxBy(tensor => tensor.Offset + tensor.Length) is { } last && last.Offset + last.Length > dataLength)
        {
            throw SafetensorsFault.PastEnd(file, last.Name, (ulong)dataStart + (ulong)(last.Offset + last.Length), fileLength);
        }

        var covered = 0L;
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            if (tensor.Offset < covered)
            {
                throw SafetensorsFault.Overlap(file, tensor.Name, tensors[i - 1].Name);
            }

            if (tensor.Offset > covered)
            {
                throw SafetensorsFault.Gap(file, tensor.Name, tensor.Offset - covered);
            }

            covered += tensor.Length;
            tensors[i] = tensor with { Offset = dataStart + tensor.Offset };
        }

        if (covered != dataLength)
        {
            throw SafetensorsFault.NotCovered(file, dataLength - covered);
        }
    }

    private ElementType ReadType(ref Utf8JsonReader reader, string tensor)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw SafetensorsFault.TypeNotText(file, tensor);
        }

        var type = Text(ref reader);
        return SafetensorsTypeNames.Find(type)
            ?? throw (SafetensorsTypeNames.IsDefinedButUnread(type) ? SafetensorsFault.TypeUnread(file, tensor, type) : SafetensorsFault.TypeUnknown(file, tensor, type));
    }

    private ImmutableArray<long> ReadNumbers(ref Utf8JsonReader reader, string tensor, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw SafetensorsFault.NotAnArray(file, tensor, field);
        }

        var numbers = ImmutableArray.CreateBuilder<long>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw SafetensorsFault.NotAnArray(file, tensor, field);
            }

            if (!reader.TryGetInt64(out var number))
            {
                throw SafetensorsFault.NotWhole(file, tensor, field);
            }

            if (number < 0)
            {
                throw SafetensorsFault.NegativeNumber(file, tensor, field, number);
            }

            if (numbers.Count == SafetensorsFormat.DimensionLimit)
            {
                throw SafetensorsFault.TooManyDimensions(file, tensor);
            }

            numbers.Add(number);
        }

        return numbers.DrainToImmutable();
    }

    private void Skip(ref Utf8JsonReader reader)
    {
        var level = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        while (reader.Read() && reader.CurrentDepth > level)
        {
            if (reader.CurrentDepth > DeepestLevel)
            {
                throw SafetensorsFault.HeaderTooDeep(file);
            }
        }
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw SafetensorsFault.TextNotUnicode(file);
        }
    }
}
