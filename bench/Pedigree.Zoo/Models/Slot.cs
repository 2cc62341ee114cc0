namespace Pedigree.Zoo.Models;

/// <summary>The names that tensors have inside the zoo, the same for every family; <see cref="Storage.TensorNaming"/> gives those of the files.</summary>
internal static class Slot
{
    /// <summary>The expert number of a dense MLP.</summary>
    public const int Dense = -1;

    public const string Embedding = "embedding";
    public const string Positions = "positions";
    public const string FinalNorm = "final_norm";
    public const string Unembedding = "unembedding";

    public static string AttentionNorm(int layer) => $"layers.{layer}.attention_norm";

    public static string Query(int layer) => $"layers.{layer}.query";

    public static string Key(int layer) => $"layers.{layer}.key";

    public static string Value(int layer) => $"layers.{layer}.value";

    public static string Output(int layer) => $"layers.{layer}.output";

    public static string QueryNorm(int layer) => $"layers.{layer}.query_norm";

    public static string KeyNorm(int layer) => $"layers.{layer}.key_norm";

    public static string MlpNorm(int layer) => $"layers.{layer}.mlp_norm";

    public static string Router(int layer) => $"layers.{layer}.router";

    public static string Gate(int layer, int expert) => $"{Block(layer, expert)}.gate";

    public static string Up(int layer, int expert) => $"{Block(layer, expert)}.up";

    public static string Down(int layer, int expert) => $"{Block(layer, expert)}.down";

    public static string Bias(string matrix) => $"{matrix}.bias";

    /// <summary>The layer that a name speaks of; -1 outside the layers.</summary>
    public static int LayerOf(string name) =>
        name.StartsWith("layers.", StringComparison.Ordinal) ? int.Parse(name.AsSpan(7, name.IndexOf('.', 7) - 7)) : -1;

    /// <summary>The same name in another layer.</summary>
    public static string InLayer(string name, int layer) => $"layers.{layer}{name[name.IndexOf('.', 7)..]}";

    /// <summary>Where a tensor touches the residual stream.</summary>
    public static ResidualSide SideOf(string name)
    {
        var isBias = name.EndsWith(".bias", StringComparison.Ordinal);
        var matrix = isBias ? name[..^5] : name;
        return matrix[(matrix.LastIndexOf('.') + 1)..] switch
        {
            "output" or "down" => isBias ? ResidualSide.Vector : ResidualSide.Rows,
            "attention_norm" or "mlp_norm" or FinalNorm => isBias ? ResidualSide.Vector : ResidualSide.Gain,
            "query_norm" or "key_norm" => ResidualSide.None,
            _ => isBias ? ResidualSide.None : ResidualSide.Columns,
        };
    }

    private static string Block(int layer, int expert) => expert == Dense ? $"layers.{layer}" : $"layers.{layer}.experts.{expert}";
}

/// <summary>Where a tensor touches the residual stream.</summary>
internal enum ResidualSide
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Its columns are residual dimensions: embeddings, and what reads the stream.</summary>
    Columns,

    /// <summary>Its rows are: what writes to the stream.</summary>
    Rows,

    /// <summary>It multiplies the normalised stream.</summary>
    Gain,

    /// <summary>It is added to the stream, normalised or not.</summary>
    Vector,
}
