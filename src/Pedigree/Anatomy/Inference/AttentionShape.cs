namespace Pedigree.Anatomy.Inference;

/// <summary>The matrices of attention, found by shape, and by content where shapes leave a choice.</summary>
/// <param name="Query">Query, if unfused.</param>
/// <param name="Key">Key, if unfused.</param>
/// <param name="Value">Value, if unfused.</param>
/// <param name="Fused">Query, key and value in one tensor.</param>
/// <param name="Output">The output projection.</param>
/// <param name="Interchangeable">Parts that could not be told apart.</param>
internal sealed record AttentionShape(
    LayerSlot? Query, LayerSlot? Key, LayerSlot? Value, LayerSlot? Fused, LayerSlot Output, IReadOnlyList<(Part, Part)> Interchangeable)
{
    /// <summary>Finds attention among matrices of which the MLP has been taken; null if they do not add up to one.</summary>
    public static AttentionShape? Find(IReadOnlyList<LayerSlot> matrices, int width, bool transposed, ContentComparison content)
    {
        var shapes = StackShapes.Of(matrices, width, transposed);
        return Grouped(shapes, content) ?? OneTensor(shapes, width) ?? FullWidth(shapes, content);
    }

    // Fewer key rows than query rows: key and value have a shape of their own.
    private static AttentionShape? Grouped(StackShapes shapes, ContentComparison content)
    {
        var pairs = shapes.Reads.Where(read => read.Value.Count == 2 && shapes.WritesOf(read.Key).Count == 0).Select(read => read.Value).ToArray();
        if (pairs is not [[var first, var second]])
        {
            return null;
        }

        var ambiguous = new List<(Part, Part)>();
        LayerSlot query, output;
        if (shapes.Squares is [var one, var other])
        {
            var stream = content.ReadsLike(one, other, first, second);
            (query, output) = (stream.First, stream.Second);
            if (!stream.IsRobust)
            {
                ambiguous.Add((Part.Query, Part.AttentionOutput));
            }
        }
        else if (shapes.Squares.Count == 0
            && shapes.Writes.Where(write => write.Value.Count == 1 && shapes.ReadsOf(write.Key).Count == 1).Select(write => write.Key).ToArray() is [var rows])
        {
            (query, output) = (shapes.ReadsOf(rows)[0], shapes.WritesOf(rows)[0]);
        }
        else
        {
            return null;
        }

        // A key reads what the query reads: their product is what is trained.
        var order = content.ReadsLike(first, second, query);
        if (!order.IsRobust || ambiguous.Count > 0)
        {
            ambiguous.Add((Part.Key, Part.Value));
        }

        return new AttentionShape(query, order.First, order.Second, null, output, ambiguous);
    }

    private static AttentionShape? OneTensor(StackShapes shapes, int width)
    {
        var fused = shapes.Reads.Where(read => read.Value.Count == 1 && shapes.WritesOf(read.Key).Count == 0).ToArray();
        if (shapes.Squares is [var square] && fused.Where(read => read.Key > width && (read.Key - width) % 2 == 0).ToArray() is [var beside])
        {
            return new AttentionShape(null, null, null, beside.Value[0], square, []);
        }

        return shapes is { Squares.Count: 0, Writes.Count: 1 } && shapes.Writes.First() is { Value: [var output] } write
            && fused.Where(read => read.Key > write.Key && (read.Key - write.Key) % 2 == 0).ToArray() is [var found]
            ? new AttentionShape(null, null, null, found.Value[0], output, [])
            : null;
    }

    private static AttentionShape? FullWidth(StackShapes shapes, ContentComparison content)
    {
        IReadOnlyList<LayerSlot> inputs;
        LayerSlot output;
        if (shapes is { Squares.Count: 4 })
        {
            (inputs, output) = content.OddOneOut(shapes.Squares);
        }
        else if (shapes.Squares.Count == 0 && shapes.Writes.Where(write => write.Value.Count == 1 && shapes.ReadsOf(write.Key).Count == 3).Select(write => write.Key).ToArray() is [var rows])
        {
            (inputs, output) = (shapes.ReadsOf(rows), shapes.WritesOf(rows)[0]);
        }
        else
        {
            return null;
        }

        var (alike, value) = content.OddOneOut(inputs);
        var ordered = content.ByNorm(alike);
        return new AttentionShape(ordered[0], ordered[1], value, null, output, [(Part.Query, Part.Key), (Part.Key, Part.Value), (Part.Query, Part.Value)]);
    }
}
