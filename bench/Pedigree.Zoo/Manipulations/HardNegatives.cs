using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>What makes unrelated models look related: traps for a test, from the list of docs/zoo.md.</summary>
internal static class HardNegatives
{
    /// <summary>A model that shares every tensor's singular values and every vector's values with the parent, and no direction or order:
    /// singular vectors are uniformly random, vectors are shuffled. It is no child.</summary>
    public static DecoderModel ProfileClone(DecoderModel parent, ulong seed)
    {
        var random = new CounterRandom(seed, 90);
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        foreach (var slot in parent.Shape.Slots())
        {
            var weights = parent[slot.Name];
            changed[slot.Name] = slot.IsVector ? weights.GatherColumns(random.Permutation(weights.Columns)) : TurnedAtRandom(weights, ref random);
        }

        return parent.With(parent.Shape, changed);
    }

    /// <summary>Neurons in order of the norm of their down columns, largest first.</summary>
    public static Manipulation NeuronsSorted { get; } = new("neurons-sorted", (parent, _) =>
    {
        var blocks = NeuronSymmetries.Blocks(parent.Shape).GetEnumerator();
        var orders = NeuronSymmetries.ForEach(parent.Shape, () =>
        {
            blocks.MoveNext();
            var columns = parent[Slot.Down(blocks.Current.Layer, blocks.Current.Expert)].Transpose();
            return [.. Truth.Range(columns.Rows).OrderByDescending(neuron => new Weights(1, columns.Columns, columns.Row(neuron).ToArray()).RootMeanSquare()).ThenBy(neuron => neuron)];
        });
        return new(Selection.Neurons(parent, orders), Truth.Identity(parent.Shape) with { Neurons = orders });
    });

    /// <summary>The last neurons of every layer set to zero, as padding for tensor-parallel shards leaves them.</summary>
    /// <param name="count">How many.</param>
    public static Manipulation NeuronsZeroed(int count) => LastNeurons($"neurons-zeroed:{count}", count, _ => -1);

    /// <summary>The last neurons of every layer made copies of the first.</summary>
    /// <param name="count">How many.</param>
    public static Manipulation NeuronsTied(int count) => LastNeurons($"neurons-tied:{count}", count, _ => 0);

    /// <summary>Chosen residual dimensions made large everywhere, as the outlier dimensions of large models are.</summary>
    /// <param name="count">The first so many dimensions.</param>
    /// <param name="factor">How much larger.</param>
    public static Manipulation Outliers(int count, double factor) => new($"outliers:{count},{factor:0.##}", (parent, _) =>
    {
        var factors = Enumerable.Range(0, parent.Shape.Width).Select(i => i < count ? factor : 1).ToArray();
        return new(
            parent.Map((name, weights) => Slot.SideOf(name) switch
            {
                ResidualSide.Columns => weights.ScaleColumns(factors),
                ResidualSide.Rows => weights.ScaleRows(factors),
                _ => weights,
            }),
            Truth.Identity(parent.Shape) with { KeepsFunction = false });
    });

    private static Manipulation LastNeurons(string name, int count, Func<int, int> source) => new(name, (parent, _) =>
    {
        var before = parent.Shape.Neurons;
        var sources = NeuronSymmetries.ForEach(parent.Shape, () => [.. Truth.Range(before - count), .. Truth.Range(count).Select(source)]);
        return new(Selection.Neurons(parent, sources), Truth.Identity(parent.Shape) with { Neurons = sources, KeepsFunction = false });
    });

    private static Weights TurnedAtRandom(Weights weights, ref CounterRandom random)
    {
        var isWide = weights.Rows <= weights.Columns;
        var values = SingularValues.Of(isWide ? weights : weights.Transpose());
        var (rank, columns) = (values.Length, Math.Max(weights.Rows, weights.Columns));
        var left = OrthogonalMatrix.Haar(ref random, rank, rank);
        var right = OrthogonalMatrix.Haar(ref random, rank, columns);
        var scaled = new Weights(rank, rank, [.. left.Select((value, i) => (float)(value * values[i % rank]))]);
        var turned = RightProduct.Of(scaled, right, columns);
        return isWide ? turned : turned.Transpose();
    }
}
