using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>What an alignment will read of both models: the same share of the neurons of every layer, chosen without looking at content.</summary>
/// <param name="Seats">Which neurons of a layer are read.</param>
/// <param name="WithDown">Whether down projections are read.</param>
/// <param name="TokensPerDimension">Embedding and unembedding rows read, in multiples of the width.</param>
/// <param name="SuspectLayers">Layers of the suspect whose MLPs take part: all, or as many as work and memory allow, evenly spread.</param>
/// <param name="Bytes">Bytes that either model will cost, at most.</param>
/// <param name="IsWhole">Whether every neuron of the MLPs that take part is read and the widths can be aligned whole. Where it is not, see <see cref="WidePlan"/>.</param>
internal sealed record AlignmentReading(LayerSeats Seats, bool WithDown, int TokensPerDimension, IReadOnlyList<int> SuspectLayers, long Bytes, bool IsWhole)
{
    // Of m seats of a layer of n, m²/n are expected to be of the same neuron where order was not kept. 64 is eight times the largest of 10^4 counts that are 1 on average.
    private const int LeastCommon = 64;

    // Rows of one model are held as floats while both are compared.
    private const long MostValues = 1L << 29;

    // Multiply-adds of one comparison of all layers, about ten seconds on two cores; an alignment makes twenty or so.
    private const double MostWork = 1e12;

    private const int FewestLayers = 8;
    private const int MostAttentionRows = 4096;

    private static readonly Part[] AttentionParts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    /// <summary>Multiply-adds of one comparison of all layers, of which an alignment makes about thirty.</summary>
    public double Work(FoldedModel suspect, FoldedModel reference) =>
        3.0 * SuspectLayers.Count * Seats.RowsOfJudged(Largest(suspect)) * PooledRows(Largest(reference), Seats) * suspect.Width * reference.Layers;

    /// <summary>Plans within a budget.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="budget">Bytes that may still be read of each model.</param>
    /// <param name="needed">Receives the fewest bytes that would do.</param>
    /// <returns>The plan, or null when the budget is too small.</returns>
    public static AlignmentReading? Within(FoldedModel suspect, FoldedModel reference, long budget, out long needed)
    {
        var least = Least(suspect, reference);
        needed = BytesOf(suspect, reference, least, false, VocabularyAlignment.RowsPerDimension);
        var all = Most(suspect, reference, least);
        for (var seats = all; ; seats = new LayerSeats(Math.Max(least.PerLayer, seats.PerLayer / 2)))
        {
            foreach (var down in seats == all && DownPays(suspect, seats) && DownPays(reference, seats) ? new[] { true, false } : [false])
            {
                foreach (var rows in new[] { VocabularyAlignment.MostRowsPerDimension, VocabularyAlignment.RowsPerDimension })
                {
                    var cost = BytesOf(suspect, reference, seats, down, rows);
                    if (cost <= budget)
                    {
                        return new AlignmentReading(
                            seats, down, rows, LayersOf(suspect, reference, seats), cost, IsWholeOf(suspect, seats) && IsWholeOf(reference, seats) && Math.Max(suspect.Width, reference.Width) <= WidePlan.MostWholeWidth);
                    }
                }
            }

            if (seats.PerLayer <= least.PerLayer)
            {
                return null;
            }
        }
    }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="suspectLayers">Layers whose MLPs are read, for the suspect: there a few experts are read with more neurons. Null for the reference.</param>
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
            int[] judged = suspectLayers is null ? [] : Seats.Judged(sizes, layer, seed);
            foreach (var (expert, total) in sizes)
            {
                var wanted = judged.Contains(expert) ? Seats.OfJudged(total) : Seats.OfEach(sizes, total);
                if (total > 1 && model.Mlp(layer, expert, LayerSeats.Draw(expert, total, wanted, seed), WithDown) is { } rows)
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

            layers[layer] = new LayerInput(mlps, attention, suspectLayers is null ? null : [.. mlps.Where(mlp => judged.Contains(mlp.Expert))]);
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

    // The fewest seats with which enough neurons of the suspect have their origin among those read, or all where there are too few.
    private static LayerSeats Least(FoldedModel suspect, FoldedModel reference)
    {
        var (one, two) = (Largest(suspect), Largest(reference));
        int low = 1, high = LayerSeats.MostOf(one, two);
        var enough = Math.Min(LeastCommon, new LayerSeats(high).Common(one, two));
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = new LayerSeats(middle).Common(one, two) >= enough ? (low, middle) : (middle + 1, high);
        }

        return new LayerSeats(high);
    }

    private static LayerSeats Most(FoldedModel suspect, FoldedModel reference, LayerSeats least)
    {
        var seats = new LayerSeats(LayerSeats.MostOf(Largest(suspect), Largest(reference)));
        while (seats.PerLayer > least.PerLayer && Math.Max(Values(reference, seats, null), Values(suspect, seats, LayersOf(suspect, reference, seats))) > MostValues)
        {
            seats = new LayerSeats(Math.Max(least.PerLayer, seats.PerLayer / 2));
        }

        return seats;
    }

    // A down projection is read whole for any of its columns: not for a few neurons of each of many experts.
    private static bool DownPays(FoldedModel model, LayerSeats seats)
    {
        var sizes = Largest(model);
        return sizes.Count <= 1 || IsWholeOf(model, seats);
    }

    private static bool IsWholeOf(FoldedModel model, LayerSeats seats)
    {
        var sizes = Largest(model);
        return sizes.All(size => seats.OfEach(sizes, size.Neurons) >= size.Neurons);
    }

    private static long Values(FoldedModel model, LayerSeats seats, IReadOnlyList<int>? suspectLayers) =>
        (suspectLayers ?? [.. Enumerable.Range(0, model.Layers)]).Sum(layer => 3L * model.Width * HeldRows(Sizes(model, layer), seats, suspectLayers is not null));

    // Pooled experts are held twice.
    private static long HeldRows(IReadOnlyList<(int Expert, int Neurons)> sizes, LayerSeats seats, bool isSuspect) =>
        sizes.Count <= 1 ? PooledRows(sizes, seats) : 2 * (PooledRows(sizes, seats) + (isSuspect ? seats.RowsOfJudged(sizes) : 0));

    private static long PooledRows(IReadOnlyList<(int Expert, int Neurons)> sizes, LayerSeats seats) => sizes.Sum(size => (long)seats.OfEach(sizes, size.Neurons));

    private static IReadOnlyList<int> LayersOf(FoldedModel suspect, FoldedModel reference, LayerSeats seats)
    {
        var (one, two) = (Largest(suspect), Largest(reference));
        var work = (double)seats.RowsOfJudged(one) * PooledRows(two, seats) * suspect.Width * reference.Layers;
        var memory = 3.0 * suspect.Width * HeldRows(one, seats, true);
        var count = (int)Math.Clamp(Math.Min(MostWork / Math.Max(1, work), MostValues / Math.Max(1, memory)), FewestLayers, Math.Max(FewestLayers, suspect.Layers));
        if (count >= suspect.Layers)
        {
            return [.. Enumerable.Range(0, suspect.Layers)];
        }

        // Pairs of neighbours, so that both halves reach every depth.
        var pairs = count / 2;
        return [.. Enumerable.Range(0, pairs).Select(i => (int)((i + 0.5) * (suspect.Layers - 1) / pairs)).SelectMany(first => new[] { first, first + 1 }).Distinct().Order()];
    }

    private static long BytesOf(FoldedModel suspect, FoldedModel reference, LayerSeats seats, bool down, int rowsPerDimension) =>
        Math.Max(Cost(suspect, seats, down, LayersOf(suspect, reference, seats)), Cost(reference, seats, down, null)) + VocabularyBytesOf(suspect, reference, rowsPerDimension);

    private static long Cost(FoldedModel model, LayerSeats seats, bool down, IReadOnlyList<int>? suspectLayers)
    {
        long bytes = 0;
        foreach (var layer in suspectLayers ?? [.. Enumerable.Range(0, model.Layers)])
        {
            var sizes = Sizes(model, layer);
            foreach (var (expert, neurons) in sizes)
            {
                bytes += model.NeuronBytes(layer, expert) * seats.OfEach(sizes, neurons);
                bytes += down || model.Stored.Find(new Role(Part.Gate, layer, expert)) is null ? model.DownBytes(layer, expert) : 0;
            }

            if (suspectLayers is not null && sizes.Count > 1)
            {
                bytes += sizes.Max(size => model.NeuronBytes(layer, size.Expert)) * seats.RowsOfJudged(sizes);
            }
        }

        return bytes + Enumerable.Range(0, model.Layers).Sum(layer => AttentionParts.Sum(part =>
            model.Stored.Find(new Role(part, layer)) is { } view
                ? ReadingPlan.RowBytes(view) * (part == Part.AttentionOutput ? view.Rows : Math.Min(view.Rows, MostAttentionRows)) : 0));
    }

    private static long VocabularyBytesOf(FoldedModel suspect, FoldedModel reference, int rowsPerDimension) =>
        2L * rowsPerDimension * Math.Min(suspect.Width, reference.Width) * Math.Max(suspect.VocabularyRowBytes, reference.VocabularyRowBytes);
}
