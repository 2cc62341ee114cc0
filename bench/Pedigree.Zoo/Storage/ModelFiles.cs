using System.Security.Cryptography;
using System.Text.Json;
using Pedigree.Checkpoints;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Storage;

/// <summary>Writes models as checkpoints, to folders or to memory, and reads them back.</summary>
internal static class ModelFiles
{
    private const string WeightsName = "model.safetensors";

    /// <summary>Writes model.safetensors, config.json and vocab.json into a folder that is made if need be.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder; files of these names are replaced.</param>
    /// <param name="type">How values are stored.</param>
    /// <param name="style">Whose names tensors get; null for those usual for the shape.</param>
    /// <returns>The SHA-256 of model.safetensors, 64 hexadecimal digits.</returns>
    public static string Write(DecoderModel model, string folder, ElementType type = ElementType.BF16, TensorStyle? style = null)
    {
        Directory.CreateDirectory(folder);
        var naming = style ?? TensorNaming.StyleOf(model.Shape);
        var path = Path.Combine(folder, WeightsName);
        SafetensorsWriter.Write(
            path,
            [.. Stored(model, naming, type).Select(tensor => (tensor.Name, type, tensor.Shape, (ReadOnlyMemory<byte>)tensor.Data))],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        File.WriteAllText(Path.Combine(folder, "config.json"), ModelConfig.Write(model.Shape, naming, type) + "\n");
        File.WriteAllText(Path.Combine(folder, "vocab.json"), Vocabulary(model) + "\n");
        return Digest(folder);
    }

    /// <summary>The SHA-256 of a folder's model.safetensors.</summary>
    public static string Digest(string folder)
    {
        using var stream = File.OpenRead(Path.Combine(folder, WeightsName));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The model as an opened checkpoint, with its side files.</summary>
    public static MemorySource ToSource(DecoderModel model, ElementType type = ElementType.F32, TensorStyle? style = null)
    {
        var naming = style ?? TensorNaming.StyleOf(model.Shape);
        var source = new MemorySource()
            .With("config.json", ModelConfig.Write(model.Shape, naming, type))
            .With("vocab.json", Vocabulary(model));
        foreach (var (name, shape, data) in Stored(model, naming, type))
        {
            source.Add(name, type, data, shape);
        }

        return source;
    }

    /// <summary>Reads a folder that <see cref="Write"/> made, or one with the same names.</summary>
    /// <exception cref="CheckpointException">The files are damaged.</exception>
    /// <exception cref="FormatException">config.json is missing or describes something else.</exception>
    public static DecoderModel Read(string folder)
    {
        using var source = Checkpoint.Open(folder);
        return Read(source);
    }

    /// <summary>Reads an opened checkpoint with its config.json.</summary>
    public static DecoderModel Read(ITensorSource source)
    {
        var stored = source.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var config = source.SideFiles.GetValueOrDefault("config.json") ?? throw new FormatException($"{source.Address} has no config.json");
        var (shape, style) = ModelConfig.Read(config, stored.Keys);
        var sizes = shape.Slots().ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        var tensors = new Dictionary<string, Weights>(StringComparer.Ordinal);
        foreach (var tensor in TensorNaming.Of(shape, style))
        {
            if (!stored.TryGetValue(tensor.Name, out var found))
            {
                throw new FormatException($"{source.Address} has no tensor {tensor.Name}");
            }

            var bytes = new byte[found.Length];
            source.Read(found, 0, bytes);
            var values = new float[found.Count];
            ElementDecoder.Decode(found.Type, bytes, values);
            Split(tensor, values, sizes, tensors);
        }

        return new DecoderModel(shape, tensors, Tokens(source, shape.Vocabulary));
    }

    /// <summary>The model with its values rounded as a storage type rounds them.</summary>
    public static DecoderModel Rounded(DecoderModel model, ElementType type) => model.Map((_, weights) =>
    {
        var bytes = new byte[weights.Values.Length * type.Size()];
        ElementEncoder.Encode(type, weights.Values, bytes);
        ElementDecoder.Decode(type, bytes, weights.Values);
        return weights;
    });

    private static IEnumerable<(string Name, long[] Shape, byte[] Data)> Stored(DecoderModel model, TensorStyle style, ElementType type)
    {
        foreach (var tensor in TensorNaming.Of(model.Shape, style))
        {
            var parts = tensor.Slots.Select(slot => model[slot]).ToArray();
            var isVector = parts[0].Rows == 1 && (tensor.Name.EndsWith(".bias", StringComparison.Ordinal) || Slot.SideOf(tensor.Slots[0]) is ResidualSide.Gain or ResidualSide.None);
            float[] values = [.. parts.SelectMany(part => part.Values)];
            var joined = isVector ? new Weights(1, values.Length, values) : new Weights(parts.Sum(part => part.Rows), parts[0].Columns, values);
            var laid = tensor.IsTransposed ? joined.Transpose() : joined;
            var data = new byte[values.Length * type.Size()];
            ElementEncoder.Encode(type, laid.Values, data);
            yield return (tensor.Name, isVector ? [laid.Columns] : [laid.Rows, laid.Columns], data);
        }
    }

    private static void Split(FileTensor tensor, float[] values, Dictionary<string, SlotShape> sizes, Dictionary<string, Weights> tensors)
    {
        var parts = tensor.Slots.Select(slot => sizes[slot]).ToArray();
        if (values.Length != parts.Sum(part => (long)part.Rows * part.Columns))
        {
            throw new FormatException($"{tensor.Name} has another size than config.json says");
        }

        var rows = parts[0].IsVector ? 1 : parts.Sum(part => part.Rows);
        var laid = tensor.IsTransposed ? new Weights(values.Length / rows, rows, values).Transpose().Values : values;
        var first = 0;
        foreach (var part in parts)
        {
            tensors[part.Name] = new Weights(part.Rows, part.Columns, laid[first..(first + (part.Rows * part.Columns))]);
            first += part.Rows * part.Columns;
        }
    }

    private static string Vocabulary(DecoderModel model)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var token = 0; token < model.Tokens.Count; token++)
            {
                json.WriteNumber(model.Tokens[token], token);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string[]? Tokens(ITensorSource source, int count)
    {
        if (!source.SideFiles.TryGetValue("vocab.json", out var bytes))
        {
            return null;
        }

        using var document = JsonDocument.Parse(bytes);
        var tokens = new string[count];
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            tokens[entry.Value.GetInt32()] = entry.Name;
        }

        return tokens;
    }
}
