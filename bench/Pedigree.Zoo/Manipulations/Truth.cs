using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Where the parts of a child come from in its parent; -1 stands for nowhere. Immutable.</summary>
internal sealed record Truth
{
    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Whether the child computes what the parent computes.</summary>
    public bool KeepsFunction { get; init; } = true;

    /// <summary>For each layer of the child, that of the parent.</summary>
    public required int[] Layers { get; init; }

    /// <summary>For each layer and expert of the child, the parent's expert; a dense MLP counts as expert 0.</summary>
    public required int[][] Experts { get; init; }

    /// <summary>For each layer, expert and neuron of the child, the neuron of that expert of the parent.</summary>
    public required int[][][] Neurons { get; init; }

    /// <summary>For each layer and query head of the child, the parent's.</summary>
    public required int[][] QueryHeads { get; init; }

    /// <summary>For each layer and key-value head of the child, the parent's.</summary>
    public required int[][] KeyValueHeads { get; init; }

    /// <summary>For each token of the child, the parent's.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>How the residual stream follows from the parent's.</summary>
    public required ResidualMap Residual { get; init; }

    /// <summary>Numbers that describe what was done, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Everything where it was.</summary>
    public static Truth Identity(DecoderShape shape) => new()
    {
        Layers = Range(shape.Layers),
        Experts = PerLayer(shape, () => Range(shape.Blocks)),
        Neurons = PerLayer(shape, () => Range(shape.Blocks).Select(_ => Range(shape.Neurons)).ToArray()),
        QueryHeads = PerLayer(shape, () => Range(shape.QueryHeads)),
        KeyValueHeads = PerLayer(shape, () => Range(shape.KeyValueHeads)),
        Tokens = Range(shape.Vocabulary),
        Residual = ResidualMap.Identity(shape.Width),
    };

    /// <summary>0 to count - 1.</summary>
    public static int[] Range(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>The truth about a grandchild, seen from the grandparent.</summary>
    public Truth Then(Truth next) => new()
    {
        Steps = [.. Steps, .. next.Steps],
        KeepsFunction = KeepsFunction && next.KeepsFunction,
        Layers = Through(Layers, next.Layers),
        Experts = [.. next.Layers.Select((middle, layer) => middle < 0 ? Nowhere(next.Experts[layer].Length) : Through(Experts[middle], next.Experts[layer]))],
        Neurons = [.. next.Layers.Select((middle, layer) => next.Neurons[layer].Select((neurons, block) =>
        {
            var expert = middle < 0 ? -1 : next.Experts[layer][block];
            return expert < 0 ? Nowhere(neurons.Length) : Through(Neurons[middle][expert], neurons);
        }).ToArray())],
        QueryHeads = [.. next.Layers.Select((middle, layer) => middle < 0 ? Nowhere(next.QueryHeads[layer].Length) : Through(QueryHeads[middle], next.QueryHeads[layer]))],
        KeyValueHeads = [.. next.Layers.Select((middle, layer) => middle < 0 ? Nowhere(next.KeyValueHeads[layer].Length) : Through(KeyValueHeads[middle], next.KeyValueHeads[layer]))],
        Tokens = Through(Tokens, next.Tokens),
        Residual = Residual.Then(next.Residual),
        Figures = Figures.Concat(next.Figures).GroupBy(figure => figure.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
    };

    private static int[] Through(int[] first, int[] second) => [.. second.Select(middle => middle < 0 ? -1 : first[middle])];

    private static int[] Nowhere(int count) => [.. Enumerable.Repeat(-1, count)];

    private static T[] PerLayer<T>(DecoderShape shape, Func<T> make) => [.. Enumerable.Range(0, shape.Layers).Select(_ => make())];
}
