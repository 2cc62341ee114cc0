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

            var contradictions = Contradictions(LanguageModel(document.RootElement), anatomy).ToArray();
            return contradictions.Length == 0 ? []
                : [new AnatomyFinding("config-contradicts-shapes", $"config.json contradicts the weights, which were believed: {string.Join("; ", contradictions)}.")];
        }
        catch (JsonException)
        {
            return [Unreadable("it is not JSON")];
        }
    }

    private static AnatomyFinding Unreadable(string why) => new("config-unreadable", $"config.json was ignored: {why}.");

    // Multimodal models describe their language model in an object of its own.
    private static JsonElement LanguageModel(JsonElement root)
    {
        foreach (var key in (ReadOnlySpan<string>)["text_config", "llm_config", "language_config"])
        {
            if (root.TryGetProperty(key, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                return inner;
            }
        }

        return root;
    }

    private static IEnumerable<string> Contradictions(JsonElement root, ModelAnatomy anatomy)
    {
        var heads = Claimed(root, "num_attention_heads", "n_head", "n_heads");
        var groups = Claimed(root, "num_key_value_heads") ?? heads;
        // In latent attention a head has as many query rows as it has plain and rotary dimensions.
        var latent = Claimed(root, "qk_nope_head_dim") is { } plain && Claimed(root, "qk_rope_head_dim") is { } rotary ? plain + rotary : (long?)null;
        var dimension = latent ?? Claimed(root, "head_dim") ?? (heads is > 0 && Claimed(root, "hidden_size", "n_embd") is { } width ? width / heads : null);
        var queryRows = (First(anatomy, Part.Query) ?? First(anatomy, Part.QueryFromLatent))?.Rows;
        var layers = Claimed(root, "num_hidden_layers", "n_layer", "n_layers");
        // Layers that predict further tokens are stored behind the others, or left out.
        var further = Claimed(root, "num_nextn_predict_layers") ?? 0;
        (string Key, long? Claim, long? Fact)[] facts =
        [
            ("hidden_size", Claimed(root, "hidden_size", "n_embd", "dim"), anatomy.Width),
            ("num_hidden_layers", layers + further == anatomy.Layers ? anatomy.Layers : layers, anatomy.Layers),
            ("vocab_size", Claimed(root, "vocab_size"), anatomy.Find(new Role(Part.Embedding))?.Rows),
            ("intermediate_size", Claimed(root, "intermediate_size", "n_inner", "inter_dim"), anatomy.Views.FirstOrDefault(entry => entry.Key is { Part: Part.Up, Expert: Role.Dense }).Value?.Rows),
            ("number of experts", Claimed(root, "num_experts", "n_routed_experts", "num_local_experts"), anatomy.Experts),
            ("query rows", Product(heads, dimension), queryRows),
            ("key rows", Product(groups, dimension), First(anatomy, Part.Key)?.Rows),
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
