using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>An unrelated model put into the order of another, so that order tests see hits without lineage. What it computes stays.</summary>
internal static class Forgery
{
    /// <summary>Neurons of each layer assigned to the target's by the cosine of one view: gate rows, or up rows without gates.</summary>
    /// <param name="model">The model reordered.</param>
    /// <param name="target">The model whose order is imitated; of the same shape.</param>
    public static DecoderModel Naive(DecoderModel model, DecoderModel target) => Neurons(model, target, (owner, layer, expert) =>
        Unit(owner[owner.Shape.Gated ? Slot.Gate(layer, expert) : Slot.Up(layer, expert)]));

    /// <summary>Residual dimensions by embeddings, then neurons by all their vectors together, then key-value heads by theirs.</summary>
    /// <param name="model">The model reordered.</param>
    /// <param name="target">The model whose order is imitated; of the same shape.</param>
    public static DecoderModel Careful(DecoderModel model, DecoderModel target)
    {
        var columns = Unit(model[Slot.Embedding].Transpose());
        var targets = Unit(target[Slot.Embedding].Transpose());
        var mayNegate = model.Shape.Norm == NormKind.RootMeanSquare;
        var cosines = Cosines(targets, columns);
        var order = Assignment.Largest(mayNegate ? [.. cosines.Select(Math.Abs)] : cosines, model.Shape.Width);
        var signs = order.Select((source, dimension) => mayNegate && cosines[(dimension * order.Length) + source] < 0 ? -1.0 : 1).ToArray();
        var neurons = Neurons(Selection.Residual(model, order, signs), target, AllViews);
        var groups = new int[model.Shape.Layers][];
        for (var layer = 0; layer < groups.Length; layer++)
        {
            groups[layer] = Assignment.Largest(Cosines(GroupViews(target, layer), GroupViews(neurons, layer)), model.Shape.KeyValueHeads);
        }

        var queries = groups.Select(order => order.SelectMany(group => Enumerable.Range(group * model.Shape.GroupSize, model.Shape.GroupSize)).ToArray()).ToArray();
        return Selection.Heads(neurons, queries, groups);
    }

    private static DecoderModel Neurons(DecoderModel model, DecoderModel target, Func<DecoderModel, int, int, Weights> view)
    {
        if (model.Shape != target.Shape)
        {
            throw new ArgumentException("only a model of the same shape can be imitated", nameof(target));
        }

        var blocks = NeuronSymmetries.Blocks(model.Shape).GetEnumerator();
        return Selection.Neurons(model, NeuronSymmetries.ForEach(model.Shape, () =>
        {
            blocks.MoveNext();
            var (layer, expert) = blocks.Current;
            return Assignment.Largest(Cosines(view(target, layer, expert), view(model, layer, expert)), model.Shape.Neurons);
        }));
    }

    private static Weights AllViews(DecoderModel model, int layer, int expert)
    {
        var views = new List<Weights> { Unit(model[Slot.Up(layer, expert)]), Unit(model[Slot.Down(layer, expert)].Transpose()) };
        if (model.Shape.Gated)
        {
            views.Add(Unit(model[Slot.Gate(layer, expert)]));
        }

        return Beside(views);
    }

    private static Weights GroupViews(DecoderModel model, int layer)
    {
        var shape = model.Shape;
        return Beside([Stacked(model[Slot.Key(layer)]), Stacked(model[Slot.Value(layer)])]);

        Weights Stacked(Weights weights) => Unit(new Weights(shape.KeyValueHeads, weights.Values.Length / shape.KeyValueHeads, weights.Values));
    }

    private static Weights Beside(IReadOnlyList<Weights> views)
    {
        var joined = new Weights(views[0].Rows, views.Sum(view => view.Columns));
        for (var row = 0; row < joined.Rows; row++)
        {
            var rest = joined.Row(row);
            foreach (var view in views)
            {
                view.Row(row).CopyTo(rest);
                rest = rest[view.Columns..];
            }
        }

        return joined;
    }

    private static Weights Unit(Weights weights)
    {
        var unit = weights.Copy();
        for (var row = 0; row < unit.Rows; row++)
        {
            var length = new Weights(1, unit.Columns, unit.Row(row).ToArray()).RootMeanSquare() * Math.Sqrt(unit.Columns);
            unit.ScaleRow(row, length == 0 ? 0 : 1 / length);
        }

        return unit;
    }

    // All products of rows, left by right.
    private static double[] Cosines(Weights left, Weights right) =>
        [.. RightProduct.Of(left, [.. right.Transpose().Values.Select(value => (double)value)], right.Rows).Values.Select(value => (double)value)];
}
