using System.Text.Json;

namespace Pedigree.Anatomy;

/// <summary>Compares what config.json says with what the shapes say. Its result is findings; no role and no number depends on it.</summary>
internal static class ConfigClaims
{
    private const string Name = "config.json";

    /// <summary>Findings about the configuration file.</summary>
    public static IReadOnlyList<AnatomyFinding> Check(IReadOnlyDictionary<string, byte[]> sideFiles, ModelAnatomy anatomy)
    {
        if (!sideFiles.TryGetValue(Name, out var bytes))
        {
            return [new AnatomyFinding("config-missing", "There is no config.json; nothing depends on it.")];
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return [Unreadable("it is not an object")];
            }

            var contradictions = Contradictions(document.RootElement, anatomy).ToArray();
            return contradictions.Length == 0 ? []
                : [new AnatomyFinding("config-contradicts-shapes", $"config.json contradicts the weights, which were believed: {string.Join("; ", contradictions)}.")];
        }
        catch (JsonException)
        {
            return [Unreadable("it is not JSON")];
        }
    }

    private static AnatomyFinding Unreadable(string why) => new("config-unreadable", $"config.json was ignored: {why}.");

    private static IEnumerable<string> Contradictions(JsonElement root, ModelAnatomy anatomy)
    {
        var heads = Claimed(root, "num_attention_heads", "n_head");
        var groups = Claimed(root, "num_key_value_heads") ?? heads;
        var dimension = Claimed(root, "head_dim") ?? (heads is > 0 && Claimed(root, "hidden_size", "n_embd") is { } width ? width / heads : null);
        var queryRows = First(anatomy, Part.Query)?.Rows;
        var keyRows = First(anatomy, Part.Key)?.Rows;
        (string Key, long? Claim, long? Fact)[] facts =
        [
            ("hidden_size", Claimed(root, "hidden_size", "n_embd"), anatomy.Width),
            ("num_hidden_layers", Claimed(root, "num_hidden_layers", "n_layer"), anatomy.Layers),
            ("vocab_size", Claimed(root, "vocab_size"), anatomy.Find(new Role(Part.Embedding))?.Rows),
            ("intermediate_size", Claimed(root, "intermediate_size", "n_inner"), anatomy.Views.FirstOrDefault(entry => entry.Key is { Part: Part.Up, Expert: Role.Dense }).Value?.Rows),
            ("number of experts", Claimed(root, "num_experts", "n_routed_experts", "num_local_experts"), anatomy.Experts),
            ("query rows", Product(heads, dimension), queryRows),
            ("key rows", Product(groups, dimension), keyRows),
            ("head_dim", dimension, anatomy.Heads?.Dimension),
        ];
        return facts.Where(fact => fact is { Claim: not null, Fact: not null } && fact.Claim != fact.Fact)
            .Select(fact => $"{fact.Key} is {fact.Fact}, not {fact.Claim}");
    }

    // Small factors only: a product of hostile numbers must not overflow.
    private static long? Product(long? first, long? second) =>
        first is > 0 and < int.MaxValue && second is > 0 and < int.MaxValue ? first * second : null;

    private static long? Claimed(JsonElement root, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static TensorView? First(ModelAnatomy anatomy, Part part) => anatomy.Views.FirstOrDefault(entry => entry.Key.Part == part).Value;
}
