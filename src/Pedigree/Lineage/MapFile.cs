using System.Buffers.Binary;
using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Checkpoints;

namespace Pedigree.Lineage;

/// <summary>A recovered map on disk: a safetensors file (docs/map-file.md).</summary>
internal static partial class MapFile
{
    /// <summary>Format and version that the metadata state.</summary>
    public const string Format = "pedigree/map/1";

    private const string Stream = "stream";
    private const string Permutation = "stream.permutation";
    private const string Signs = "stream.signs";
    private const string Residual = "residual";
    private const string ReferenceExpert = "reference_expert";

    /// <summary>Writes a map.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">The map.</param>
    /// <param name="suspect">Logical digest of the suspect.</param>
    /// <param name="reference">Logical digest of the reference.</param>
    /// <param name="residual">What the check gives on its neurons.</param>
    /// <param name="kinds">What it gives on the rest.</param>
    public static void Write(string path, RecoveredMap map, string suspect, string reference, double residual, IReadOnlyList<MappedKind> kinds)
    {
        var tensors = new List<(string, ElementType, long[], ReadOnlyMemory<byte>)>();
        if (map.Stream is { } stream)
        {
            if (AsPermutation(stream) is var (places, signs) && places is not null)
            {
                tensors.Add((Permutation, ElementType.I32, [stream.To], Bytes(places)));
                tensors.Add((Signs, ElementType.F32, [stream.To], Bytes(signs!)));
            }
            else
            {
                tensors.Add((Stream, ElementType.F32, [stream.To, stream.From], Bytes(stream.Columns)));
            }
        }

        foreach (var layer in map.Layers)
        {
            var prefix = Prefix(layer.SuspectLayer, layer.SuspectExpert);
            tensors.Add((prefix + "reference_layer", ElementType.I32, [1], Bytes([layer.ReferenceLayer])));
            if (layer.SuspectExpert != Anatomy.Role.Dense || layer.ReferenceExpert != Anatomy.Role.Dense)
            {
                tensors.Add((prefix + ReferenceExpert, ElementType.I32, [1], Bytes([layer.ReferenceExpert])));
            }

            tensors.Add((prefix + "suspect_seats", ElementType.I32, [layer.SuspectSeats.Length], Bytes(layer.SuspectSeats)));
            tensors.Add((prefix + "reference_seats", ElementType.I32, [layer.ReferenceSeats.Length], Bytes(layer.ReferenceSeats)));
            tensors.Add((prefix + "signs", ElementType.F32, [layer.Signs.Length], Bytes(layer.Signs)));
        }

        AddParts(tensors, map);
        var stated = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["suspect"] = suspect,
            ["reference"] = reference,
            [Residual] = residual.ToString("0.000000", CultureInfo.InvariantCulture),
        };
        foreach (var kind in kinds)
        {
            stated[$"{Residual}.{kind.Kind}"] = kind.Residual.ToString("0.000000", CultureInfo.InvariantCulture);
        }

        SafetensorsWriter.Write(path, tensors, stated);
    }

    /// <summary>Reads a map and checks that it can belong to two models.</summary>
    /// <param name="path">The file.</param>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <returns>The map, with what its metadata state.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is no such map, or fits no models of these shapes.</exception>
    public static (RecoveredMap Map, string Suspect, string Reference, IReadOnlyDictionary<string, double> Residuals) Read(string path, FoldedModel suspect, FoldedModel reference)
    {
        using var file = Checkpoint.Open(path);
        var stated = file.Metadata;
        if (!stated.TryGetValue("format", out var format) || !string.Equals(format, Format, StringComparison.Ordinal))
        {
            throw new CheckpointException(
                $"`{path}` is no recovered map of this version.", path, hint: $"Its metadata should state the format {Format}; `compare --emit-map` writes such files.");
        }

        var layers = new List<RecoveredLayer>();
        var names = file.Tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        for (var layer = 0; layer < suspect.Layers; layer++)
        {
            foreach (var expert in suspect.Experts(layer).Append(Anatomy.Role.Dense).Distinct().Order().Where(expert => names.Contains(Prefix(layer, expert) + "reference_layer")))
            {
                layers.Add(LayerOf(file, path, Prefix(layer, expert), (layer, expert), suspect, reference));
            }
        }

        var residuals = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, text) in stated)
        {
            if ((string.Equals(name, Residual, StringComparison.Ordinal) || name.StartsWith(Residual + ".", StringComparison.Ordinal))
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                residuals[name.Length > Residual.Length ? name[(Residual.Length + 1)..] : ""] = value;
            }
        }

        var map = new RecoveredMap(StreamOf(file, path, suspect.Width, reference.Width), layers)
        {
            Heads = [.. Enumerable.Range(0, suspect.Layers).Where(layer => names.Contains(Attention(layer) + "reference_layer")).Select(layer => HeadsOf(file, path, layer, suspect, reference))],
            Experts = [.. Enumerable.Range(0, suspect.Layers).Where(layer => names.Contains(Routers(layer) + "reference_layer")).Select(layer => ExpertsOf(file, path, layer, suspect, reference))],
            Tokens = names.Contains(SuspectTokens) ? TokensOf(file, path, suspect, reference) : null,
        };
        return (map, stated.GetValueOrDefault("suspect", ""), stated.GetValueOrDefault("reference", ""), residuals);
    }

    private static string Prefix(int layer, int expert) => expert == Anatomy.Role.Dense
        ? string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.") : string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.experts.{expert}.");

    private static int LayerOf(ITensorSource file, string path, string prefix, FoldedModel reference)
    {
        var other = Integers(file, path, prefix + "reference_layer", 1)[0];
        return other >= 0 && other < reference.Layers ? other
            : throw new CheckpointException($"`{path}`: `{prefix}reference_layer` names layer {other}, and the reference has {reference.Layers}.", path);
    }

    private static RecoveredLayer LayerOf(ITensorSource file, string path, string prefix, (int Layer, int Expert) at, FoldedModel suspect, FoldedModel reference)
    {
        var other = LayerOf(file, path, prefix, reference);
        var expert = file.Tensors.Any(tensor => string.Equals(tensor.Name, prefix + ReferenceExpert, StringComparison.Ordinal))
            ? Integers(file, path, prefix + ReferenceExpert, 1)[0] : Anatomy.Role.Dense;
        var own = Integers(file, path, prefix + "suspect_seats", null);
        var theirs = Integers(file, path, prefix + "reference_seats", own.Length);
        var signs = Floats(file, path, prefix + "signs", own.Length);
        var (seats, places) = (suspect.Neurons(at.Layer, at.Expert), reference.Neurons(other, expert));
        var valid = own.All(seat => seat >= 0 && seat < seats) && theirs.All(seat => seat >= 0 && seat < places)
            && own.Zip(own.Skip(1)).All(pair => pair.First < pair.Second) && theirs.Distinct().Count() == theirs.Length && signs.All(sign => sign is 1 or -1);
        return valid ? new RecoveredLayer(at.Layer, other, own, theirs, signs) { SuspectExpert = at.Expert, ReferenceExpert = expert }
            : throw new CheckpointException($"`{path}`: `{prefix}*` is no one-to-one map between {seats} and {places} neurons, ascending in the suspect, with signs of 1 and -1.", path);
    }

    private static ResidualMap? StreamOf(ITensorSource file, string path, int to, int from)
    {
        if (file.Tensors.Any(tensor => string.Equals(tensor.Name, Permutation, StringComparison.Ordinal)))
        {
            var places = Integers(file, path, Permutation, to);
            var signs = Floats(file, path, Signs, to);
            if (places.Any(place => place < 0 || place >= from) || places.Distinct().Count() != to || signs.Any(sign => sign is not (1 or -1)))
            {
                throw new CheckpointException($"`{path}`: `{Permutation}` is no signed permutation of {from} dimensions to {to}.", path);
            }

            var columns = new float[checked(to * from)];
            for (var i = 0; i < to; i++)
            {
                columns[(i * from) + places[i]] = signs[i];
            }

            return new ResidualMap(from, to, columns);
        }

        if (file.Tensors.All(tensor => !string.Equals(tensor.Name, Stream, StringComparison.Ordinal)))
        {
            return to == from ? null : throw new CheckpointException($"`{path}` has no `{Stream}`, and the models differ in width ({from} and {to}).", path);
        }

        var values = Floats(file, path, Stream, checked(to * from));
        return Array.TrueForAll(values, float.IsFinite) ? new ResidualMap(from, to, values) : throw new CheckpointException($"`{path}`: `{Stream}` holds values that are not finite.", path);
    }

    private static (int[]? Places, float[]? Signs) AsPermutation(ResidualMap map)
    {
        var (places, signs) = (new int[map.To], new float[map.To]);
        for (var i = 0; i < map.To; i++)
        {
            var row = map.Columns.AsSpan(i * map.From, map.From);
            var at = row.IndexOfAnyExcept(0f);
            if (at < 0 || row[at] is not (1 or -1) || row[(at + 1)..].IndexOfAnyExcept(0f) >= 0)
            {
                return (null, null);
            }

            (places[i], signs[i]) = (at, row[at]);
        }

        return (places, signs);
    }

    private static int[] Integers(ITensorSource file, string path, string name, int? count)
    {
        var bytes = Of(file, path, name, ElementType.I32, count);
        var values = new int[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * i));
        }

        return values;
    }

    private static float[] Floats(ITensorSource file, string path, string name, int count)
    {
        var bytes = Of(file, path, name, ElementType.F32, count);
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
        }

        return values;
    }

    private static byte[] Of(ITensorSource file, string path, string name, ElementType type, int? count)
    {
        var tensor = file.Tensors.FirstOrDefault(tensor => string.Equals(tensor.Name, name, StringComparison.Ordinal));
        if (tensor is null || tensor.Type != type || tensor.Count > int.MaxValue / 4 || (count is { } wanted && tensor.Count != wanted))
        {
            throw new CheckpointException($"`{path}` has no tensor `{name}` of {count?.ToString(CultureInfo.InvariantCulture) ?? "any number of"} values of type {type}.", path);
        }

        var bytes = new byte[4 * tensor.Count];
        file.Read(tensor, 0, bytes);
        return bytes;
    }

    private static byte[] Bytes(int[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    private static byte[] Bytes(float[] values)
    {
        var bytes = new byte[4 * values.Length];
        ElementEncoder.Encode(ElementType.F32, values, bytes);
        return bytes;
    }
}
