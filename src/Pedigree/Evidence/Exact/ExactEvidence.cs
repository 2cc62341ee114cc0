using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>Runs every exact test that applies to a pair of models with unit order and residual basis as stored.</summary>
internal static class ExactEvidence
{
    /// <summary>Identifier of the test on MLP neurons.</summary>
    public const string Neurons = "mlp-neuron-order";

    /// <summary>Identifier of the test on KV groups.</summary>
    public const string KeyValueGroups = "kv-group-order";

    /// <summary>Identifier of the test on query heads inside KV groups that hit.</summary>
    public const string QueryHeads = "query-head-order";

    /// <summary>Identifier of the test on compressed dimensions of latent attention.</summary>
    public const string Latents = "latent-order";

    /// <summary>Identifier of the test on routed experts.</summary>
    public const string Experts = "expert-order";

    /// <summary>Identifier of the test on residual dimensions by embeddings.</summary>
    public const string ResidualByEmbedding = "residual-order-by-embedding";

    /// <summary>Identifier of the test on residual dimensions by layers.</summary>
    public const string ResidualByLayers = "residual-order-by-layers";

    private const string OrderedStartNote = "training of this family starts with values that depend on their index, so their order is not random";

    /// <summary>Runs the tests, in a fixed order.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Shared tokens; null to assume equal ids.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public static IReadOnlyList<OrderTestRun> Run(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ReadingPlan plan, ExactContext context)
    {
        var runs = new List<OrderTestRun>(6);
        var neurons = NeuronUnits.Choose(suspect, reference, plan, out var why);
        runs.Add(neurons.Count == 0
            ? OrderTestRun.NotRun(Neurons, "MLP neurons", why)
            : OrderTestRun.Of(Neurons, "MLP neurons", neurons.Count, i => NeuronUnits.Read(suspect, reference, neurons[i]), context));
        runs.AddRange(Attention(suspect, reference, plan, context));
        var latents = LatentUnits.Choose(suspect, reference, plan);
        if (latents.Count > 0)
        {
            runs.Add(OrderTestRun.Of(Latents, "latent dimensions", latents.Count, i => LatentUnits.Read(suspect, reference, latents[i], plan.Seed), context));
        }

        var routed = ExpertUnits.Layers(suspect, reference, plan);
        if (routed.Count > 0)
        {
            runs.Add(OrderTestRun.Of(Experts, "routed experts", routed.Count, i => ExpertUnits.Read(suspect, reference, routed[i]), context));
        }

        return [.. runs, .. OrderedStart(suspect, reference)
            ? [OrderTestRun.NotRun(ResidualByEmbedding, "residual dimensions", OrderedStartNote), OrderTestRun.NotRun(ResidualByLayers, "residual dimensions", OrderedStartNote)]
            : Residual(suspect, reference, join, plan, context)];
    }

    private static bool OrderedStart(ModelReader suspect, ModelReader reference) => suspect.Anatomy.OrderedStart || reference.Anatomy.OrderedStart;

    private static IEnumerable<OrderTestRun> Attention(ModelReader suspect, ModelReader reference, ReadingPlan plan, ExactContext context)
    {
        if (OrderedStart(suspect, reference))
        {
            yield return OrderTestRun.NotRun(KeyValueGroups, "KV groups", OrderedStartNote);
            yield break;
        }

        if (!AttentionUnits.Comparable(suspect, reference, out var heads, out var why))
        {
            yield return OrderTestRun.NotRun(KeyValueGroups, "KV groups", why);
            yield break;
        }

        var layers = Math.Min(suspect.Anatomy.Layers, reference.Anatomy.Layers);
        var rows = Math.Min(AttentionUnits.RowsPerHead(suspect, heads, layers, plan), AttentionUnits.RowsPerHead(reference, heads, layers, plan));
        if (rows == 0)
        {
            yield return OrderTestRun.NotRun(KeyValueGroups, "KV groups", "no layer has a key projection of its own");
            yield break;
        }

        // With one KV group there is no order; the query heads of the only group then stand by themselves.
        var hit = new HashSet<(int Layer, int Group)>();
        if (heads.KeyValue > 1)
        {
            var groups = OrderTestRun.Of(
                KeyValueGroups, "KV groups", layers, layer => AttentionUnits.KeyValueGroups(suspect, reference, heads, layer, rows), context);
            hit.UnionWith(from match in groups.Test?.Groups ?? [] from i in Enumerable.Range(0, match.Match.Length) where match.Match[i] == i select (match.Group.ReferenceLayer, match.Valid[i]));
            yield return groups;
        }
        else
        {
            hit.UnionWith(Enumerable.Range(0, layers).Select(layer => (layer, 0)));
        }

        if (heads.Query > heads.KeyValue && hit.Count > 0)
        {
            // Query heads are exchangeable only inside a KV group, so a group whose own seat was missed says nothing about them.
            int[] with = [.. hit.Select(seat => seat.Layer).Distinct().Order()];
            var run = OrderTestRun.OfSeveral(
                QueryHeads, "query heads", with.Length,
                i => [.. AttentionUnits.QueryHeads(suspect, reference, heads, with[i], rows).Where(group => hit.Contains((group.ReferenceLayer, group.Block)))], context);
            if (run.Test is not null || run.OrderStructured)
            {
                yield return run;
            }
        }
    }

    // Each of these tests has a single group, so they run beside each other. The second is read when the first has been and is being evaluated, which reads
    // nothing: that keeps their bytes apart.
    private static OrderTestRun[] Residual(ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ReadingPlan plan, ExactContext context)
    {
        var runs = new OrderTestRun[2];
        var embedding = Counted(() => ResidualUnits.FromEmbedding(suspect, reference, join, plan));
        Parallel.Invoke(
            SharedThreads.Options(context.Threads, context.Cancellation),
            () => runs[0] = Evaluated(ResidualByEmbedding, embedding),
            () => runs[1] = Evaluated(ResidualByLayers, Counted(() => ResidualUnits.FromLayers(suspect, reference, plan, context.Threads))));
        return runs;

        (UnitGroup? Group, long Bytes) Counted(Func<UnitGroup?> read)
        {
            var before = context.BytesRead();
            return (read(), context.BytesRead() - before);
        }

        OrderTestRun Evaluated(string id, (UnitGroup? Group, long Bytes) read)
        {
            var run = OrderTestRun.Of(id, "residual dimensions", 1, _ => read.Group, context with { Threads = 1, BytesRead = () => 0 });
            return (run.Test is null && !run.OrderStructured ? run with { Note = "the models have no such rows of equal width" } : run) with { BytesRead = read.Bytes };
        }
    }
}
