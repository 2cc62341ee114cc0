using System.Globalization;
using System.Text.RegularExpressions;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Descriptive;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>A family's true tensor names with scaled-down shapes, and what each tensor should be found to be.</summary>
/// <param name="Name">Name of the model, for messages.</param>
/// <param name="Family">The family that should be found.</param>
/// <param name="Lines">One tensor a line: name, shape, parts separated by commas, or <c>none</c> for a tensor without a role. In a name <c>{l}</c> runs over the
/// layers, <c>{l&lt;n}</c> and <c>{l&gt;n}</c> over some of them, <c>{e}</c> over the experts. A size is a number or one of <see cref="Sizes"/>.</param>
internal sealed partial record FamilyCheckpoint(string Name, string Family, string Lines)
{
    public const int Layers = 5;
    public const int Experts = 6;
    public const int Head = 16;
    public const int QueryHeads = 8;

    /// <summary>KV groups of the symbols k, g and c; p and c3 are multi-head.</summary>
    public const int Groups = 4;

    // d width, V vocabulary, h neurons, m neurons of an expert, E experts, P positions; q query rows, k key rows; g, p, 1g rows of query, key and value by turns
    // (by KV group, by head, in one group), c and c3 one after another (grouped, multi-head).
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["d"] = 128,
        ["V"] = 300,
        ["h"] = 224,
        ["2h"] = 448,
        ["m"] = 64,
        ["2m"] = 128,
        ["E"] = Experts,
        ["P"] = 40,
        ["q"] = QueryHeads * Head,
        ["k"] = Groups * Head,
        ["g"] = (QueryHeads + (2 * Groups)) * Head,
        ["c"] = (QueryHeads + (2 * Groups)) * Head,
        ["p"] = 3 * QueryHeads * Head,
        ["c3"] = 3 * QueryHeads * Head,
        ["1g"] = (QueryHeads + 2) * Head,
        ["hd"] = Head,
        ["H"] = QueryHeads,
        // Latent attention: 8 heads of 16 plain and 8 rotary query rows, values of 12; queries compressed to 48, keys and values to 40.
        ["ql"] = 48,
        ["kl"] = 40,
        ["kl+r"] = 48,
        ["qa"] = QueryHeads * 24,
        ["kv"] = QueryHeads * 28,
        ["vo"] = QueryHeads * 12,
    };

    public override string ToString() => Name;

    /// <summary>A model with trained-looking random weights.</summary>
    public MemorySource Make(ulong seed)
    {
        var source = new MemorySource();
        var random = new CounterRandom(seed, CounterRandom.Mix(0x66616d, (ulong)Name.Length));
        foreach (var (name, shape, parts) in Tensors())
        {
            var sizes = shape.Select(SizeOf).ToArray();
            source.Add(name, Values(ref random, name, shape, parts, sizes), [.. sizes.Select(size => (long)size)]);
        }

        return source;
    }

    /// <summary>Every tensor: its name, its sizes as written, and the parts it should hold.</summary>
    public IEnumerable<(string Name, string[] Shape, string[] Parts)> Tensors()
    {
        foreach (var line in Lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var shape = words[1..^1];
            var parts = words[^1] is "none" ? [] : words[^1].Split(',');
            foreach (var name in Expand(words[0]))
            {
                yield return (name, shape, parts);
            }
        }
    }

    private static int SizeOf(string size) => Sizes.TryGetValue(size, out var known) ? known : int.Parse(size, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Expand(string name)
    {
        if (LayerPlace().Match(name) is { Success: true } layer)
        {
            var bound = layer.Groups[2].Success ? int.Parse(layer.Groups[2].Value, CultureInfo.InvariantCulture) : 0;
            return Enumerable.Range(0, Layers)
                .Where(number => layer.Groups[1].Value switch { "<" => number < bound, ">" => number > bound, _ => true })
                .SelectMany(number => Expand(name.Replace(layer.Value, number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        }

        return name.Contains("{e}", StringComparison.Ordinal)
            ? Enumerable.Range(0, Experts).Select(expert => name.Replace("{e}", expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            : [name];
    }

    private static float[] Values(ref CounterRandom random, string name, string[] shape, string[] parts, int[] sizes)
    {
        var values = new float[sizes.Aggregate(1, (product, size) => product * size)];
        if (sizes.Length == 1 || name.EndsWith("bias", StringComparison.Ordinal))
        {
            // Training leaves the norms before attention, before the MLP and after all layers at different levels.
            var centre = name.EndsWith("bias", StringComparison.Ordinal) ? 0 : parts is ["AttentionNorm"] ? 1.2 : 1;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(centre + (0.2 * random.NextGaussian()));
            }

            return values;
        }

        // Heads stand along the dimension whose symbol says so, rows of other matrices along the first.
        var columns = sizes[^1];
        var transposed = sizes.Length == 2 && TrainedRows.IsHeads(shape[^1]) && !TrainedRows.IsHeads(shape[0]);
        for (var start = 0; start < values.Length; start += sizes[^2] * columns)
        {
            var rows = transposed
                ? TrainedRows.Make(ref random, shape[^1], parts, columns, sizes[^2])
                : TrainedRows.Make(ref random, shape[^2], parts, sizes[^2], columns);
            for (var i = 0; i < sizes[^2]; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    values[start + (i * columns) + j] = transposed ? rows[(j * sizes[^2]) + i] : rows[(i * columns) + j];
                }
            }
        }

        return values;
    }

    [GeneratedRegex(@"\{l([<>])?(\d+)?\}")]
    private static partial Regex LayerPlace();
}
