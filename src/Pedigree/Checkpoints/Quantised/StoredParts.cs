using System.Text.Json;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>The tensors of a checkpoint, to be searched for those that belong together.</summary>
/// <param name="source">The checkpoint.</param>
internal sealed class StoredParts(ITensorSource source)
{
    private readonly Dictionary<string, StoredTensor> byName = source.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, string>> settings = new(() => ReadSettings(source));

    /// <summary>The checkpoint.</summary>
    public ITensorSource Source { get; } = source;

    /// <summary>A tensor by its name, or null.</summary>
    public StoredTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>A matrix or vector of a type and shape, or null where the tensor is absent or different.</summary>
    public StoredTensor? Find(string name, Func<StoredTensor, bool> fits) => Find(name) is { } tensor && fits(tensor) ? tensor : null;

    /// <summary>Tensors whose name ends so, with the rest of the name.</summary>
    public IEnumerable<(string Stem, StoredTensor Tensor)> Ending(string ending) => Source.Tensors
        .Where(tensor => tensor.Name.Length > ending.Length && tensor.Name.EndsWith(ending, StringComparison.Ordinal))
        .Select(tensor => (tensor.Name[..^ending.Length], tensor));

    /// <summary>A setting under <c>quantization_config</c> of config.json, or in quantize_config.json, as text; null if absent. Only a hint where shapes leave a choice.</summary>
    public string? Setting(string key) => settings.Value.GetValueOrDefault(key);

    private static Dictionary<string, string> ReadSettings(ITensorSource source)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, key) in new[] { ("config.json", "quantization_config"), ("quantize_config.json", "") })
        {
            if (!source.SideFiles.TryGetValue(file, out var bytes))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(bytes);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || (key.Length > 0 && (!root.TryGetProperty(key, out root) || root.ValueKind != JsonValueKind.Object)))
                {
                    continue;
                }

                foreach (var property in root.EnumerateObject())
                {
                    found.TryAdd(property.Name, property.Value.ToString());
                }
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                // What the file says is only a hint.
            }
        }

        return found;
    }
}
