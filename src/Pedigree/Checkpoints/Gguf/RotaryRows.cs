using System.Globalization;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Undoes what the converter of llama.cpp does to query and key projections. For some architectures it changes the rows of every head from the
/// order of the transformers library, where rotary pairs are half a head apart, to neighbouring pairs (<c>LlamaModel.permute</c>); the same model would
/// otherwise look reordered.</summary>
internal static class RotaryRows
{
    // Those whose converter in llama.cpp calls the permutation, by the value of general.architecture. Other architectures with neighbouring pairs, such
    // as llama4, command-r and chatglm, have them in the original too.
    private static readonly HashSet<string> Architectures = new(StringComparer.Ordinal)
    {
        "llama", "mistral3", "arcee", "smollm3", "deci", "baichuan", "xverse", "internlm2", "minicpm", "olmo", "granite", "granitemoe", "granitehybrid",
        "arctic", "deepseek", "bailingmoe", "llada",
    };

    /// <summary>Whether a converter changed the rows of models of an architecture.</summary>
    public static bool Applies(string architecture) => Architectures.Contains(architecture);

    /// <summary>Whether a tensor is one of those whose rows were changed.</summary>
    public static bool IsReordered(string name) => Parse(name) is not null;

    /// <summary>Heads whose rows were changed in a tensor; 0 if that is not known or does not fit the rows.</summary>
    /// <param name="header">The header that holds the head counts.</param>
    /// <param name="name">A name for which <see cref="IsReordered"/> is true.</param>
    /// <param name="rows">Rows of the tensor.</param>
    public static int Heads(GgufHeader header, string name, long rows)
    {
        if (Parse(name) is not { } place)
        {
            return 0;
        }

        var query = Count(header, "attention.head_count", place.Layer);
        var heads = place.IsKey ? Count(header, "attention.head_count_kv", place.Layer) ?? query : query;
        return heads is > 0 && rows % (2 * heads.Value) == 0 ? heads.Value : 0;
    }

    /// <summary>The row of the file that holds a row of the original: row (half · d/2 + pair) of a head of d rows lies at (2 · pair + half).</summary>
    /// <param name="row">Row of the original.</param>
    /// <param name="dimension">Rows of a head, d.</param>
    public static long Stored(long row, long dimension)
    {
        var within = row % dimension;
        var (half, pair) = (within / (dimension / 2), within % (dimension / 2));
        return row - within + (2 * pair) + half;
    }

    private static (int Layer, bool IsKey)? Parse(string name)
    {
        var parts = name.Split('.');
        return parts is ["blk", var layer, "attn_q" or "attn_k", "weight" or "bias"]
            && int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, parts[2] is "attn_k")
            : null;
    }

    // One number for all layers, or one a layer, joined by commas.
    private static int? Count(GgufHeader header, string key, int layer)
    {
        if (!header.Metadata.TryGetValue($"{header.Architecture}.{key}", out var text))
        {
            return null;
        }

        var counts = text.Split(',');
        var own = counts.Length == 1 ? counts[0] : counts.ElementAtOrDefault(layer);
        return int.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1 << 20 ? count : null;
    }
}
