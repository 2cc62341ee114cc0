namespace Pedigree.Checkpoints.Adapters;

/// <summary>What the name of an adapter's tensor says (PEFT: peft/tuners/lora and save_and_load.py).</summary>
/// <param name="Module">The name of the adapted module in the base model.</param>
/// <param name="Factor">Which factor it is.</param>
internal readonly record struct AdapterName(string Module, AdapterName.Kind Factor)
{
    private const string Prefix = "base_model.model.";

    private static readonly (string Text, Kind Kind)[] Factors =
    [
        (".lora_A.", Kind.First), (".lora_B.", Kind.Second), (".lora_embedding_A", Kind.FirstOfEmbedding), (".lora_embedding_B", Kind.SecondOfEmbedding),
    ];

    /// <summary>Which factor a tensor is.</summary>
    public enum Kind
    {
        /// <summary>None: a tensor that replaces that of the base.</summary>
        Whole,
        /// <summary>A: rank × inputs.</summary>
        First,
        /// <summary>B: outputs × rank.</summary>
        Second,
        /// <summary>A of an embedding: rank × tokens.</summary>
        FirstOfEmbedding,
        /// <summary>B of an embedding: width × rank.</summary>
        SecondOfEmbedding,
        /// <summary>Of another kind of adapter.</summary>
        Unread,
    }

    /// <summary>Whether a checkpoint is such an adapter, by the names of its tensors.</summary>
    public static bool AreOfAdapter(IReadOnlyList<StoredTensor> tensors) =>
        tensors.Any(tensor => Factors.Any(factor => tensor.Name.Contains(factor.Text, StringComparison.Ordinal)));

    /// <summary>Reads a name. A whole tensor keeps its own name, less the prefixes of the library.</summary>
    public static AdapterName Of(string name)
    {
        var rest = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        foreach (var (text, kind) in Factors)
        {
            if (rest.IndexOf(text, StringComparison.Ordinal) is > 0 and var at)
            {
                return new AdapterName(rest[..at], kind);
            }
        }

        return rest.Contains(".lora_", StringComparison.Ordinal) || rest.Contains(".ia3_", StringComparison.Ordinal) || rest.Contains("prompt_", StringComparison.Ordinal)
            ? new AdapterName(rest, Kind.Unread)
            : new AdapterName(rest.Replace(".modules_to_save.default.", ".", StringComparison.Ordinal).Replace(".modules_to_save.", ".", StringComparison.Ordinal).Replace(".base_layer.", ".", StringComparison.Ordinal), Kind.Whole);
    }
}
