namespace Pedigree.Anatomy.Inference;

/// <summary>Finds out, without names, whether the matrices of a model are stored [out, in] or [in, out].</summary>
internal static class StorageOrder
{
    /// <summary>Whether the layers are stored [in, out]; false where nothing tells.</summary>
    /// <remarks>More matrices read the residual stream than write to it: key and value have no counterpart, gate and up share one.
    /// Where every shape has its counterpart, a bias tells which side is the output.</remarks>
    public static bool IsTransposed(IEnumerable<LayerStack> stacks, int width)
    {
        var votes = 0;
        foreach (var stack in stacks)
        {
            var shapes = StackShapes.Of(stack.Slots.Where(slot => slot.IsMatrix), width, transposed: false);
            votes += stack.Layers.Count * shapes.Reads.Keys.Union(shapes.Writes.Keys)
                .Sum(size => Math.Sign(shapes.ReadsOf(size).Count - shapes.WritesOf(size).Count));
        }

        return (votes != 0 ? votes : stacks.Sum(BiasVotes)) < 0;
    }

    private static int BiasVotes(LayerStack stack)
    {
        var votes = 0;
        foreach (var module in stack.Slots.GroupBy(slot => slot.Module, StringComparer.Ordinal))
        {
            if (module.Where(slot => slot.IsMatrix).ToArray() is [var matrix]
                && module.Where(slot => slot.IsVector).ToArray() is [var bias]
                && matrix.Shape[0] != matrix.Shape[1])
            {
                votes += bias.Shape[0] == matrix.Shape[0] ? 1 : bias.Shape[0] == matrix.Shape[1] ? -1 : 0;
            }
        }

        return votes;
    }
}
