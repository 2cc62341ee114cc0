using System.Text.Json;

namespace Pedigree.Checkpoints.Adapters;

/// <summary>What adapter_config.json of the PEFT library says that the product of the factors depends on.</summary>
/// <param name="Alpha">The numerator of the scale, or null.</param>
/// <param name="AlphaOfModule">Other numerators, for modules whose name ends so.</param>
/// <param name="ByRoot">Whether the scale divides by the root of the rank (rank-stabilised LoRA) rather than by the rank.</param>
/// <param name="IsTransposed">Whether the adapted matrices are stored [in, out].</param>
/// <param name="BaseModel">The base that it names; free text.</param>
internal sealed record AdapterConfig(double? Alpha, IReadOnlyDictionary<string, double> AlphaOfModule, bool ByRoot, bool IsTransposed, string? BaseModel)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>Reads the file; null if it is absent or not a JSON object.</summary>
    public static AdapterConfig? Read(IReadOnlyDictionary<string, byte[]> sideFiles)
    {
        if (!sideFiles.TryGetValue(FileName, out var json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var root = document.RootElement;
            var patterns = new Dictionary<string, double>(StringComparer.Ordinal);
            if (root.TryGetProperty("alpha_pattern", out var pattern) && pattern.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in pattern.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Number))
                {
                    patterns[entry.Name] = entry.Value.GetDouble();
                }
            }

            return new AdapterConfig(
                root.TryGetProperty("lora_alpha", out var alpha) && alpha.ValueKind == JsonValueKind.Number ? alpha.GetDouble() : null,
                patterns,
                Is(root, "use_rslora"),
                Is(root, "fan_in_fan_out"),
                root.TryGetProperty("base_model_name_or_path", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The scale of a module's product, or null if the file does not say.</summary>
    /// <param name="module">The module's name.</param>
    /// <param name="rank">Its rank.</param>
    public double? Scale(string module, long rank)
    {
        var alpha = AlphaOfModule.Where(entry => module.Equals(entry.Key, StringComparison.Ordinal) || module.EndsWith("." + entry.Key, StringComparison.Ordinal))
            .OrderByDescending(entry => entry.Key.Length).Select(entry => (double?)entry.Value).FirstOrDefault() ?? Alpha;
        return alpha is { } value && double.IsFinite(value) ? value / (ByRoot ? Math.Sqrt(rank) : rank) : null;
    }

    private static bool Is(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
