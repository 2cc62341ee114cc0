namespace Pedigree.Anatomy.Inference;

/// <summary>The matrices of an MLP, found by shape.</summary>
/// <param name="Gate">Gate, if the MLP is gated and unfused.</param>
/// <param name="Up">Up, if unfused.</param>
/// <param name="FusedGateUp">Gate and up in one tensor.</param>
/// <param name="Down">Down.</param>
/// <param name="GateOrUp">Whether gate and up could not be told apart.</param>
internal sealed record MlpShape(LayerSlot? Gate, LayerSlot? Up, LayerSlot? FusedGateUp, LayerSlot Down, bool GateOrUp)
{
    /// <summary>Whether there is a gate.</summary>
    public bool IsGated => Gate is not null || FusedGateUp is not null;

    /// <summary>The same MLP of another expert.</summary>
    public MlpShape Map(Func<LayerSlot, LayerSlot> other) => new(
        Gate is null ? null : other(Gate), Up is null ? null : other(Up), FusedGateUp is null ? null : other(FusedGateUp), other(Down), GateOrUp);

    /// <summary>Finds an MLP: a gated one before a plain one, the widest of several; null if there is none.</summary>
    public static MlpShape? Find(IReadOnlyList<LayerSlot> matrices, int width, bool transposed, ContentComparison content, bool allowSquares = true)
    {
        var shapes = StackShapes.Of(matrices, width, transposed);
        var widest = shapes.Writes.Where(write => write.Value.Count == 1).Select(write => write.Key).OrderDescending().ToArray();
        foreach (var neurons in widest)
        {
            if (shapes.ReadsOf(neurons) is [var first, var second])
            {
                return Gated(first, second, shapes.WritesOf(neurons)[0], content);
            }
        }

        foreach (var neurons in widest)
        {
            if (shapes.ReadsOf(neurons).Count == 0 && neurons <= int.MaxValue / 2 && shapes.ReadsOf(2 * neurons) is [var fused])
            {
                return new MlpShape(null, null, fused, shapes.WritesOf(neurons)[0], GateOrUp: false);
            }
        }

        foreach (var neurons in widest)
        {
            if (shapes.ReadsOf(neurons) is [var up])
            {
                return new MlpShape(null, up, null, shapes.WritesOf(neurons)[0], GateOrUp: false);
            }
        }

        // As many neurons as residual dimensions: three square matrices, of which one writes.
        if (allowSquares && shapes is { Squares.Count: 3, Reads.Count: 0, Writes.Count: 0 })
        {
            var (alike, odd) = content.OddOneOut(shapes.Squares);
            return Gated(alike[0], alike[1], odd, content);
        }

        return null;
    }

    private static MlpShape Gated(LayerSlot first, LayerSlot second, LayerSlot down, ContentComparison content)
    {
        var order = content.GateThenUp(first, second);
        return new MlpShape(order.First, order.Second, null, down, !order.IsRobust);
    }
}
