namespace Pedigree.Tests.Anatomy.Families;

/// <summary>One layer of a plain model while it is being converted.</summary>
internal sealed class PlainLayer(Dictionary<string, (float[] Values, long[] Shape)> all, string prefix)
{
    private const int Width = 128;

    public string Query => "self_attn.q_proj.weight";

    public string Key => "self_attn.k_proj.weight";

    public string Value => "self_attn.v_proj.weight";

    public string Gate => "mlp.gate_proj.weight";

    public string Up => "mlp.up_proj.weight";

    public void Add(string name, float[] values, params long[] shape) => all.Add(prefix + name, (values, shape));

    public float[] Drop(string name)
    {
        all.Remove(prefix + name, out var tensor);
        return tensor.Values;
    }

    public void Join(string name, params string[] parts)
    {
        float[] joined = [.. parts.SelectMany(Drop)];
        Add(name, joined, joined.Length / Width, Width);
    }

    // For each KV group its query heads, its key head, its value head.
    public void Interleave(string name)
    {
        var (query, key, value) = (Drop(Query), Drop(Key), Drop(Value));
        const int head = FamilyCheckpoint.Head * Width;
        var groups = key.Length / head;
        var queries = query.Length / groups;
        float[] joined =
        [
            .. Enumerable.Range(0, groups).SelectMany(group => query[(group * queries)..((group + 1) * queries)]
                .Concat(key[(group * head)..((group + 1) * head)]).Concat(value[(group * head)..((group + 1) * head)])),
        ];
        Add(name, joined, joined.Length / Width, Width);
    }

    // Equal blocks of the rows of two tensors by turns.
    public void Interleave(string name, string first, string second, int blocks)
    {
        float[][] parts = [Drop(first), Drop(second)];
        float[] joined = [.. Enumerable.Range(0, blocks).SelectMany(block => parts.SelectMany(part => part[(block * (part.Length / blocks))..((block + 1) * (part.Length / blocks))]))];
        Add(name, joined, joined.Length / Width, Width);
    }

    public void Rename(string from, string to)
    {
        foreach (var name in all.Keys.Where(name => name.StartsWith(prefix + from, StringComparison.Ordinal)).ToArray())
        {
            all.Remove(name, out var tensor);
            all.Add(prefix + to + name[(prefix.Length + from.Length)..], tensor);
        }
    }

    public void Transpose(params string[] names)
    {
        foreach (var name in names)
        {
            var (values, shape) = all[prefix + name];
            all[prefix + name] = (Transposed(values, (int)shape[0], (int)shape[1]), [shape[1], shape[0]]);
        }
    }

    public void Stack(string name, Func<Func<string, float[]>, float[]> one, int rows, int columns, bool transposed)
    {
        float[] stacked =
        [
            .. Enumerable.Range(0, FamilyCheckpoint.Experts)
                .Select(expert => one(part => Drop($"mlp.experts.{expert}.{part}.weight")))
                .SelectMany(values => transposed ? Transposed(values, rows, columns) : values),
        ];
        Add(name, stacked, FamilyCheckpoint.Experts, transposed ? columns : rows, transposed ? rows : columns);
    }

    // The rows of all experts, or their columns as rows, one expert after another.
    public void StackRows(string name, string part, int? transposedFrom = null)
    {
        float[] joined =
        [
            .. Enumerable.Range(0, FamilyCheckpoint.Experts)
                .Select(expert => Drop($"mlp.experts.{expert}.{part}.weight"))
                .SelectMany(values => transposedFrom is { } rows ? Transposed(values, rows, values.Length / rows) : values),
        ];
        Add(name, joined, joined.Length / Width, Width);
    }

    private static float[] Transposed(float[] values, int rows, int columns)
    {
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            result[(i % columns * rows) + (i / columns)] = values[i];
        }

        return result;
    }
}
