using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Models made of chosen units of another, in a chosen order: what permuting, pruning, repeating and widening have in common. -1 asks for zeros.</summary>
internal static class Selection
{
    /// <summary>Residual dimensions, perhaps negated. Gains are never negated.</summary>
    public static DecoderModel Residual(DecoderModel model, int[] sources, double[]? signs = null) => model.Map(
        (name, weights) => Slot.SideOf(name) switch
        {
            ResidualSide.Columns or ResidualSide.Vector => weights.GatherColumns(sources, signs),
            ResidualSide.Gain => weights.GatherColumns(sources),
            ResidualSide.Rows => weights.GatherRows(sources, signs),
            _ => weights,
        },
        model.Shape with { Width = sources.Length });

    /// <summary>Neurons of every layer and expert; all lists have one length.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sources">By layer and block, the neurons.</param>
    /// <param name="downFactors">By layer and block, what each down column is multiplied with; null for one.</param>
    public static DecoderModel Neurons(DecoderModel model, int[][][] sources, double[][][]? downFactors = null)
    {
        var shape = model.Shape;
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            for (var block = 0; block < shape.Blocks; block++)
            {
                var chosen = sources[layer][block];
                var expert = shape.ExpertOf(block);
                foreach (var name in new[] { Slot.Gate(layer, expert), Slot.Up(layer, expert) }.Where(name => model.Find(name) is not null))
                {
                    changed[name] = model[name].GatherRows(chosen);
                    if (model.Find(Slot.Bias(name)) is { } bias)
                    {
                        changed[Slot.Bias(name)] = bias.GatherColumns(chosen);
                    }
                }

                var down = Slot.Down(layer, expert);
                changed[down] = model[down].GatherColumns(chosen, downFactors is null ? default : downFactors[layer][block]);
            }
        }

        return model.With(shape with { Neurons = sources[0][0].Length }, changed);
    }

    /// <summary>Heads of every layer. Query heads that share a key-value head must stay together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="queryHeads">By layer, the query heads.</param>
    /// <param name="keyValueHeads">By layer, the key-value heads.</param>
    public static DecoderModel Heads(DecoderModel model, int[][] queryHeads, int[][] keyValueHeads)
    {
        var shape = model.Shape;
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var queryRows = Blocks(queryHeads[layer], shape.HeadWidth);
            var keyRows = Blocks(keyValueHeads[layer], shape.HeadWidth);
            foreach (var (name, rows) in new[] { (Slot.Query(layer), queryRows), (Slot.Key(layer), keyRows), (Slot.Value(layer), keyRows) })
            {
                changed[name] = model[name].GatherRows(rows);
                if (model.Find(Slot.Bias(name)) is { } bias)
                {
                    changed[Slot.Bias(name)] = bias.GatherColumns(rows);
                }
            }

            changed[Slot.Output(layer)] = model[Slot.Output(layer)].GatherColumns(queryRows);
        }

        return model.With(shape with { QueryHeads = queryHeads[0].Length, KeyValueHeads = keyValueHeads[0].Length }, changed);
    }

    /// <summary>Routed experts of every layer.</summary>
    public static DecoderModel Experts(DecoderModel model, int[][] sources)
    {
        var shape = model.Shape;
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            changed[Slot.Router(layer)] = model[Slot.Router(layer)].GatherRows(sources[layer]);
            for (var expert = 0; expert < sources[layer].Length; expert++)
            {
                foreach (var name in new Func<int, int, string>[] { Slot.Gate, Slot.Up, Slot.Down, (l, e) => Slot.Bias(Slot.Gate(l, e)), (l, e) => Slot.Bias(Slot.Up(l, e)), (l, e) => Slot.Bias(Slot.Down(l, e)) })
                {
                    if (model.Find(name(layer, sources[layer][expert])) is { } weights)
                    {
                        changed[name(layer, expert)] = weights.Copy();
                    }
                }
            }
        }

        return model.With(shape with { Experts = sources[0].Length, ActiveExperts = Math.Min(shape.ActiveExperts, sources[0].Length) }, changed);
    }

    /// <summary>Layers; none may be -1.</summary>
    /// <exception cref="ArgumentException">A layer is asked for that the model does not have.</exception>
    public static DecoderModel Layers(DecoderModel model, int[] sources)
    {
        if (sources.Any(source => source < 0 || source >= model.Shape.Layers))
        {
            throw new ArgumentException($"a model of {model.Shape.Layers} layers has not all of {string.Join(", ", sources)}", nameof(sources));
        }

        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        foreach (var (name, weights) in model.Tensors.Where(entry => Slot.LayerOf(entry.Key) >= 0))
        {
            for (var layer = 0; layer < sources.Length; layer++)
            {
                if (sources[layer] == Slot.LayerOf(name))
                {
                    changed[Slot.InLayer(name, layer)] = weights.Copy();
                }
            }
        }

        return model.With(model.Shape with { Layers = sources.Length }, changed);
    }

    /// <summary>Tokens; -1 gets rows of zeros.</summary>
    public static DecoderModel Tokens(DecoderModel model, int[] sources, IReadOnlyList<string> tokens)
    {
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal) { [Slot.Embedding] = model[Slot.Embedding].GatherRows(sources) };
        if (!model.Shape.Tied)
        {
            changed[Slot.Unembedding] = model[Slot.Unembedding].GatherRows(sources);
        }

        return model.With(model.Shape with { Vocabulary = sources.Length }, changed, tokens);
    }

    private static int[] Blocks(int[] heads, int width) =>
        [.. heads.SelectMany(head => Enumerable.Range(0, width).Select(i => head < 0 ? -1 : (head * width) + i))];
}
