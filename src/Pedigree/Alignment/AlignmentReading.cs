using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>What an alignment of whole models will read: every neuron of the layers that take part, attention, and some rows of the vocabulary. Models too large for
/// that have a <see cref="WidePlan"/>.</summary>
/// <param name="WithDown">Whether down projections are read.</param>
/// <param name="TokensPerDimension">Embedding and unembedding rows read, in multiples of the width.</param>
/// <param name="SuspectLayers">Layers of the suspect whose MLPs take part: all, or as many as work and memory allow, evenly spread.</param>
/// <param name="Bytes">Bytes that either model will cost, at most.</param>
internal sealed record AlignmentReading(bool WithDown, int TokensPerDimension, IReadOnlyList<int> SuspectLayers, long Bytes)
{
    // Matching holds two matrices of similarities: 4,096² floats are 64 MiB each.
    private const int MostNeurons = 4096;

    // Of all experts of a layer twice as many.
    private const int MostNeuronsOfExperts = 8192;

    // Rows of one model are held as floats while both are compared.
    private const long MostValues = 1L << 29;

    // Multiply-adds of one comparison of all layers, about ten seconds on two cores; an alignment makes twenty or so.
    private const double MostWork = 1e12;

    private const int FewestLayers = 8;
    private const int MostAttentionRows = 4096;

    private static readonly Part[] AttentionParts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    /// <summary>Multiply-adds of one comparison of all layers, of which an alignment makes about thirty.</summary>
    public double Work(FoldedModel suspect, FoldedModel reference) =>
        3.0 * Pairs(suspect, reference) * suspect.Width;

    /// <summary>Pairs of neurons of the suspect and of the reference, over all pairs of layers.</summary>
    public double Pairs(FoldedModel suspect, FoldedModel reference) =>
        (double)SuspectLayers.Count * JudgedExperts.Neurons(Largest(suspect)) * Neurons(Largest(reference)) * reference.Layers;

    /// <summary>Plans within a budget.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="budget">Bytes that may still be read of each model.</param>
    /// <returns>The plan, or null when the models are too large or the budget is too small.</returns>
    public static AlignmentReading? Within(FoldedModel suspect, FoldedModel reference, long budget)
    {
        if (Math.Max(suspect.Width, reference.Width) > WidePlan.MostWholeWidth || !IsWhole(suspect) || !IsWhole(reference))
        {
            return null;
        }

        var layers = LayersOf(suspect, reference);
        if (Math.Max(Values(reference, null), Values(suspect, layers)) > MostValues)
        {
            return null;
        }

        foreach (var down in new[] { true, false })
        {
            foreach (var rows in new[] { VocabularyAlignment.MostRowsPerDimension, VocabularyAlignment.RowsPerDimension })
            {
                var cost = Math.Max(Cost(suspect, down, layers), Cost(reference, down, null)) + VocabularyBytesOf(suspect, reference, rows);
                if (cost <= budget)
                {
                    return new AlignmentReading(down, rows, layers, cost);
                }
            }
        }

        return null;
    }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="suspectLayers">Layers whose MLPs are read, for the suspect: there a few experts are judged. Null for the reference.</param>
    /// <param name="tokens">Ids of the tokens whose embeddings are read; empty for none.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public AlignmentInput Read(FoldedModel model, IReadOnlyList<int>? suspectLayers, int[] tokens, ulong seed, int threads, CancellationToken cancellation)
    {
        var layers = new LayerInput[model.Layers];
        Parallel.For(0, model.Layers, SharedThreads.Options(threads, cancellation), layer =>
        {
            var mlps = new List<MlpRows>();
            var sizes = suspectLayers is null || suspectLayers.Contains(layer) ? Sizes(model, layer) : [];
            int[] judged = suspectLayers is null ? [] : JudgedExperts.Of(sizes, layer, seed);
            foreach (var (expert, total) in sizes)
            {
                if (total > 1 && model.Mlp(layer, expert, [.. Enumerable.Range(0, total)], WithDown) is { } rows)
                {
                    mlps.Add(rows);
                }
            }

            var attention = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var part in AttentionParts)
            {
                if (model.Attention(part, layer, MostAttentionRows) is { } rows)
                {
                    attention[part.ToString()] = rows;
                }
            }

            layers[layer] = new LayerInput(mlps, attention, suspectLayers is null ? null : [.. mlps.Where(mlp => judged.Contains(mlp.Expert))])
            { Latent = LatentRows.ShapeOf(model.Stored, layer) };
        });
        return new AlignmentInput(
            model.Width, layers, tokens.Length == 0 ? null : model.Embedding(tokens), tokens.Length == 0 ? null : model.Unembedding(tokens))
        { Heads = model.Stored.Anatomy.Heads };
    }

    private static IReadOnlyList<(int Expert, int Neurons)> Sizes(FoldedModel model, int layer) =>
        [.. model.Experts(layer).Select(expert => (expert, model.Neurons(layer, expert)))];

    // The layer with the most neurons stands for all.
    private static IReadOnlyList<(int Expert, int Neurons)> Largest(FoldedModel model) =>
        Enumerable.Range(0, model.Layers).Select(layer => Sizes(model, layer)).MaxBy(sizes => sizes.Sum(size => (long)size.Neurons)) ?? [];

    private static bool IsWhole(FoldedModel model) => Enumerable.Range(0, model.Layers).Select(layer => Sizes(model, layer))
        .All(sizes => Neurons(sizes) <= (sizes.Count > 1 ? MostNeuronsOfExperts : MostNeurons));

    private static long Neurons(IReadOnlyList<(int Expert, int Neurons)> sizes) => sizes.Sum(size => (long)size.Neurons);

    private static long Values(FoldedModel model, IReadOnlyList<int>? suspectLayers) =>
        (suspectLayers ?? [.. Enumerable.Range(0, model.Layers)]).Sum(layer => 3L * model.Width * HeldRows(Sizes(model, layer), suspectLayers is not null));

    // Pooled experts are held twice.
    private static long HeldRows(IReadOnlyList<(int Expert, int Neurons)> sizes, bool isSuspect) =>
        sizes.Count <= 1 ? Neurons(sizes) : 2 * (Neurons(sizes) + (isSuspect ? JudgedExperts.Neurons(sizes) : 0));

    private static IReadOnlyList<int> LayersOf(FoldedModel suspect, FoldedModel reference)
    {
        var (one, two) = (Largest(suspect), Largest(reference));
        var work = (double)JudgedExperts.Neurons(one) * Neurons(two) * suspect.Width * reference.Layers;
        var memory = 3.0 * suspect.Width * HeldRows(one, true);
        var count = (int)Math.Clamp(Math.Min(MostWork / Math.Max(1, work), MostValues / Math.Max(1, memory)), FewestLayers, Math.Max(FewestLayers, suspect.Layers));
        if (count >= suspect.Layers)
        {
            return [.. Enumerable.Range(0, suspect.Layers)];
        }

        // Pairs of neighbours, so that both halves reach every depth.
        var pairs = count / 2;
        return [.. Enumerable.Range(0, pairs).Select(i => (int)((i + 0.5) * (suspect.Layers - 1) / pairs)).SelectMany(first => new[] { first, first + 1 }).Distinct().Order()];
    }

    private static long Cost(FoldedModel model, bool down, IReadOnlyList<int>? suspectLayers)
    {
        long bytes = 0;
        foreach (var layer in suspectLayers ?? [.. Enumerable.Range(0, model.Layers)])
        {
            var sizes = Sizes(model, layer);
            foreach (var (expert, neurons) in sizes)
            {
                bytes += model.NeuronBytes(layer, expert) * neurons;
                bytes += down || model.Stored.Find(new Role(Part.Gate, layer, expert)) is null ? model.DownBytes(layer, expert) : 0;
            }
        }

        return bytes + Enumerable.Range(0, model.Layers).Sum(layer => AttentionParts.Sum(part =>
            model.Stored.Find(new Role(part, layer)) is { } view
                ? ReadingPlan.RowBytes(view) * (part == Part.AttentionOutput ? view.Rows : Math.Min(view.Rows, MostAttentionRows)) : LatentRows.Bytes(model.Stored, part, layer)));
    }

    private static long VocabularyBytesOf(FoldedModel suspect, FoldedModel reference, int rowsPerDimension) =>
        2L * rowsPerDimension * Math.Min(suspect.Width, reference.Width) * Math.Max(suspect.VocabularyRowBytes, reference.VocabularyRowBytes);
}
