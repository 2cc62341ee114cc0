using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>How pruning chooses, and in which order it leaves, what it keeps.</summary>
internal enum PruningOrder
{
    /// <summary>Chosen at random, order kept.</summary>
    Random,

    /// <summary>The largest by norm, order kept.</summary>
    Norm,

    /// <summary>The largest by norm, largest first.</summary>
    Sorted,
}

/// <summary>Residual dimensions, neurons and key-value groups removed.</summary>
internal static class WidthPruning
{
    /// <summary>Keeps a share of residual dimensions and neurons, and of key-value groups where more than one would stay.</summary>
    /// <param name="share">Share kept, 0 to 1.</param>
    /// <param name="order">How they are chosen.</param>
    public static Manipulation Pruned(double share, PruningOrder order) => new($"width-pruned:{share:0.##},{order.ToString().ToLowerInvariant()}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 60);
        var shape = parent.Shape;
        var dimensions = Keep(Even(share * shape.Width), order, ColumnNorms([.. parent.Tensors.Where(entry => Slot.SideOf(entry.Key) == ResidualSide.Columns).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)]), ref random);
        var neurons = new int[shape.Layers][][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            neurons[layer] = new int[shape.Blocks][];
            for (var block = 0; block < shape.Blocks; block++)
            {
                var norms = ColumnNorms([parent[Slot.Down(layer, shape.ExpertOf(block))], parent[Slot.Up(layer, shape.ExpertOf(block))].Transpose()]);
                neurons[layer][block] = Keep(Even(share * shape.Neurons), order, norms, ref random);
            }
        }

        var groups = new int[shape.Layers][];
        var queries = new int[shape.Layers][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var outputs = ColumnNorms([parent[Slot.Output(layer)]]);
            var norms = outputs.Chunk(shape.HeadWidth * shape.GroupSize).Select(chunk => chunk.Sum()).ToArray();
            groups[layer] = Keep(Math.Max(1, (int)Math.Round(share * shape.KeyValueHeads)), order, norms, ref random);
            queries[layer] = [.. groups[layer].SelectMany(group => Enumerable.Range(group * shape.GroupSize, shape.GroupSize))];
        }

        var model = Selection.Residual(Selection.Neurons(Selection.Heads(parent, queries, groups), neurons), dimensions);
        return new(model, Truth.Identity(shape) with
        {
            KeepsFunction = false,
            Residual = ResidualMap.Selection(shape.Width, dimensions, null),
            Neurons = neurons,
            QueryHeads = queries,
            KeyValueHeads = groups,
            Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["kept-share"] = share },
        });
    });

    private static int Even(double count) => Math.Max(2, 2 * (int)Math.Round(count / 2));

    private static int[] Keep(int count, PruningOrder order, double[] norms, ref CounterRandom random)
    {
        var all = Truth.Range(norms.Length);
        var chosen = order == PruningOrder.Random ? random.Permutation(norms.Length)
            : [.. all.OrderByDescending(unit => norms[unit]).ThenBy(unit => unit)];
        chosen = chosen[..Math.Min(count, chosen.Length)];
        return order == PruningOrder.Sorted ? chosen : [.. chosen.Order()];
    }

    private static double[] ColumnNorms(IReadOnlyList<Weights> matrices)
    {
        var sums = new double[matrices[0].Columns];
        foreach (var matrix in matrices)
        {
            for (var row = 0; row < matrix.Rows; row++)
            {
                var values = matrix.Row(row);
                for (var column = 0; column < sums.Length; column++)
                {
                    sums[column] += values[column] * (double)values[column];
                }
            }
        }

        return sums;
    }
}
